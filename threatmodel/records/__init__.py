"""Records for privacy officers, made from flows: pure functions over the graph and the assessment."""

from threatmodel.records.gdpr.dpia import screening
from threatmodel.records.gdpr.processing import processing_record
from threatmodel.records.gdpr.rights import rights_record
from threatmodel.records.gdpr.transfers import transfers
from threatmodel.records.hipaa.addressable import addressable_record
from threatmodel.records.hipaa.associates import associates
from threatmodel.records.hipaa.disclosures import disclosures
from threatmodel.records.hipaa.minimum_necessary import minimum_necessary
from threatmodel.records.record import Cell, Entry, Item, Record, Sheet

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
