# One image for both processes: `serve` answers, `work` does what nobody waits for.
FROM python:3.13-slim
RUN useradd --create-home --uid 10001 rotunda
WORKDIR /rotunda
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# The folder must be the user's before a volume is laid over it: the volume takes its owner from here.
RUN mkdir var && chown rotunda:rotunda var && python -m compileall -q .
USER rotunda
ENV ROTUNDA_HOST=0.0.0.0 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["python", "-m", "rotunda", "serve"]
