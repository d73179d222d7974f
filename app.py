"""The way in. Served, this is the ASGI app with the gate; run by Streamlit for a page, it is the frame.

`streamlit run app.py` and `uvicorn app:app` serve the same. Streamlit finds `app = st.App(...)` by reading
this file, and then runs the same file for each page view, which is why both halves stand here.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is not None:
    from pages.frame.main import run

    run()
else:
    from functools import partial

    from starlette.middleware import Middleware

    from core.store.engine import open_store
    from core.web.gate import IDENTITY_HEADER, SIGN_IN_PATH, Gate
    from core.web.serving import Serving
    from core.web.worker import Worker
    from pages.frame.serving import address, check_settings, farewell, keep_theme, warm

    serving = Serving(
        open_store(),
        Worker(),
        address=address,
        before=(partial(check_settings, IDENTITY_HEADER), keep_theme, warm),
    )
    app = st.App(
        __file__,
        lifespan=serving.lifespan,
        routes=serving.routes(),
        middleware=[Middleware(Gate, store=serving.store, farewell=farewell(SIGN_IN_PATH))],
    )
