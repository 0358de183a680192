.PHONY: check docs lock

# Everything that has to hold, as the build server runs it.
check:
	@bash .ci/run

# The pages of docs/ that are made from the code; a test compares them.
docs:
	python -m funneltui.write_docs docs

# The pinned dependencies with their hashes; uv.lock holds addresses and does not stay.
lock:
	uv export --all-extras --no-header --no-annotate --no-emit-project --format requirements-txt \
		--output-file requirements.lock --quiet
	rm -f uv.lock
