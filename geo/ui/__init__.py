"""The desk: the Streamlit page of the app. The only package that imports streamlit; what it shows is worked out in `geo`."""

__all__: list[str] = []
