"""The compact model: words of a beat -> one pose, on any machine, offline, in milliseconds.

`features` and `units` are pure; `tokens` and `encoder` read the packaged MiniLM; `network` is
torch; `model` puts them behind one class; `augment`, `beats` and `scores` serve its training in
`generator.training.compact`. Importing this package loads none of them.
"""
