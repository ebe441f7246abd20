# The short names of what the README and .ci/run say in full.
.PHONY: run test check format lock

run:
	python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r requirements.txt && .venv/bin/python bot.py

test:
	python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r requirements-dev.txt && .venv/bin/python -m pytest -n auto

check:
	bash .ci/run

format:
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

# Needs uv. Pins every dependency with its hashes and names no host.
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml
lock:
	$(LOCK) -o requirements.txt
	$(LOCK) -c requirements.txt --group dev -o requirements-dev.txt
	$(LOCK) -c requirements.txt --group benchmarks -o requirements-benchmarks.txt
