# The app as an image: `docker build -t funnel-sim .`. scripts/try_image.py runs the same steps on a bare root where no container engine is.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv
WORKDIR /build
RUN python3 -m venv /opt/funnel-sim
COPY requirements.lock ./
RUN /opt/funnel-sim/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 tzdata && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin funnel
COPY --from=build /opt/funnel-sim /opt/funnel-sim
WORKDIR /app
COPY app.py LICENSE NOTICE ./
COPY .streamlit ./.streamlit
COPY pages ./pages
COPY funnel_sim ./funnel_sim
RUN /opt/funnel-sim/bin/python -m compileall -q /app /opt/funnel-sim/lib
ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
USER 10001
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD /opt/funnel-sim/bin/python -m funnel_sim.ui.server.healthy
ENTRYPOINT ["/opt/funnel-sim/bin/python", "-m", "funnel_sim", "serve", "--address", "0.0.0.0", "--port", "8501"]
