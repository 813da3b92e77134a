"""Where new motion comes from: prompt -> script -> keyframes -> clip; models, training, scores.

torch, transformers and peft are imported only by the model, training and evaluation modules, which
only the worker process loads; see README.md in this folder.
"""
