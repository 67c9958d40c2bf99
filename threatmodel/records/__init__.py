"""Records for privacy officers, made from flows: pure functions over the graph and the assessment."""

from threatmodel.records.addressable import addressable_record
from threatmodel.records.associates import associates
from threatmodel.records.disclosures import disclosures
from threatmodel.records.needs import minimum_necessary
from threatmodel.records.processing import processing_record
from threatmodel.records.record import Cell, Entry, Item, Record, Sheet
from threatmodel.records.rights import rights_record
from threatmodel.records.screening import screening
from threatmodel.records.transfers import transfers

__all__ = [
    "Cell",
    "Entry",
    "Item",
    "Record",
    "Sheet",
    "addressable_record",
    "associates",
    "disclosures",
    "minimum_necessary",
    "processing_record",
    "rights_record",
    "screening",
    "transfers",
]
