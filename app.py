"""The app: reports in, a sourced map out, read, corrected, compared and published in a browser, without a network. See `geo/ui/page.py`.

Start it with ``make app``.
"""

from __future__ import annotations

from geo.ui import page

page.main()
