"""The corpus: permissively licensed source text, filtered, deduplicated, split by repository, packed in shards.

Each stage is a module that knows only the one before it:
repositories -> read -> deduplicate -> mix -> pack -> report.
"""
