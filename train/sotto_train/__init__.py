"""Sotto's own small code models: vocabulary, windows, model, training, export, measures. See train/README.md."""
