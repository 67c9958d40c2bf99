"""Kinds, technologies and protocols as loaded data: what each word of a model implies."""
