"""The plate: a map laid out on a page once, which pictures and slides then draw. It knows no renderer and no file format."""

__all__: list[str] = []
