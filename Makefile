.PHONY: check lock

# Everything that has to hold, as the build server runs it.
check:
	@bash .ci/run

# The pinned dependencies with their hashes; uv.lock holds addresses and does not stay.
lock:
	uv export --all-extras --no-header --no-annotate --no-emit-project --format requirements-txt \
		--output-file requirements.lock --quiet
	rm -f uv.lock
