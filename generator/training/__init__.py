"""Where models are made: one module a model, each with `train(out, options, report) -> card`.

Only the worker process and developers run these; nothing here is needed to perform.
"""
