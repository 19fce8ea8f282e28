"""Names of changes in oasdiff (checker/localizations_src/en/messages.yaml) that this project uses too."""

from __future__ import annotations

from itertools import product

_IN_SCHEMAS = """
    all-of-added all-of-added-annotation-only all-of-removed all-of-removed-annotation-only any-of-added any-of-removed
    became-not-nullable became-nullable const-added const-changed const-removed contains-added contains-removed
    content-encoding-changed content-media-type-changed content-schema-added content-schema-removed
    default-value-added default-value-changed default-value-removed dependent-required-added dependent-required-changed
    dependent-required-removed dependent-schema-added dependent-schema-removed discriminator-added discriminator-removed
    else-added else-removed if-added if-removed list-of-types-narrowed list-of-types-widened max-contains-decreased
    max-contains-increased min-contains-decreased min-contains-increased multiple-of-changed multiple-of-unset
    one-of-added one-of-removed pattern-property-added pattern-property-removed prefix-items-added prefix-items-removed
    property-names-added property-names-removed then-added then-removed type-changed type-generalized
    unevaluated-items-added unevaluated-items-removed unevaluated-properties-added unevaluated-properties-removed
    unique-items-unset
"""
_IN_REQUESTS = """
    became-enum enum-value-removed exclusive-max-decreased exclusive-max-increased exclusive-max-set
    exclusive-min-decreased exclusive-min-increased exclusive-min-set max-decreased max-increased max-items-decreased
    max-items-increased max-items-set max-length-decreased max-length-increased max-length-set max-properties-decreased
    max-properties-increased max-properties-set max-set min-decreased min-increased min-items-decreased
    min-items-increased min-items-set min-length-decreased min-length-increased min-properties-increased min-set
    multiple-of-generalized multiple-of-set unique-items-set
"""
_IN_RESPONSES = """
    exclusive-max-increased exclusive-min-decreased max-increased max-items-increased max-length-increased
    max-length-unset max-properties-increased min-decreased min-items-decreased min-items-unset min-length-decreased
    min-properties-decreased multiple-of-specialized type-specialized
"""
_OF_PROPERTIES = """
    became-optional became-required deprecated enum-value-added pattern-added pattern-changed pattern-removed
    reactivated
"""
_OF_PARAMETERS = """
    became-enum became-not-nullable became-nullable became-optional became-required default-value-added
    default-value-changed default-value-removed deprecated enum-value-added enum-value-removed exclusive-max-decreased
    exclusive-max-increased exclusive-max-set exclusive-min-decreased exclusive-min-increased exclusive-min-set
    list-of-types-narrowed list-of-types-widened max-decreased max-increased max-items-decreased max-items-increased
    max-length-decreased max-length-increased max-length-set max-set min-decreased min-increased min-items-decreased
    min-items-increased min-items-set min-length-decreased min-length-increased min-set pattern-added pattern-changed
    pattern-removed reactivated removed type-changed type-generalized
"""
_OF_HEADERS = """
    added became-not-nullable became-nullable became-optional type-changed type-generalized type-specialized
"""
_OF_MUTABILITY = """
    became-not-read-only became-not-write-only became-read-only became-write-only
"""
_OTHER = """
    api-global-security-added api-global-security-removed api-operation-id-added api-operation-id-removed
    api-path-removed-with-deprecation api-path-removed-without-deprecation api-removed-with-deprecation
    api-removed-without-deprecation api-schema-removed api-security-added api-security-component-added
    api-security-component-removed api-security-component-type-changed api-security-removed api-tag-added
    api-tag-removed endpoint-added endpoint-deprecated endpoint-reactivated new-optional-request-parameter
    new-optional-request-property new-request-path-parameter new-required-request-parameter
    new-required-request-property new-required-request-property-with-default optional-response-header-removed
    request-body-added-optional request-body-added-required request-body-became-optional request-body-became-required
    request-body-media-type-added request-body-media-type-removed request-body-media-type-schema-added
    request-body-media-type-schema-removed request-body-removed request-property-removed
    required-response-header-removed response-body-media-type-schema-added response-body-media-type-schema-removed
    response-media-type-added response-media-type-removed response-non-success-status-added
    response-non-success-status-removed response-optional-property-added response-optional-property-removed
    response-property-enum-value-removed response-required-property-added response-required-property-removed
    response-success-status-added response-success-status-removed webhook-added webhook-removed
"""


def _each(prefixes: str, endings: str) -> set[str]:
    return {f"{prefix}-{ending}" for prefix, ending in product(prefixes.split(), endings.split())}


OASDIFF = frozenset(
    _each("request-body request-property response-body response-property", _IN_SCHEMAS)
    | _each("request-body request-property", _IN_REQUESTS)
    | _each("response-body response-property", _IN_RESPONSES)
    | _each("request-property response-property", _OF_PROPERTIES)
    | _each("request-parameter", _OF_PARAMETERS)
    | _each("response-header", _OF_HEADERS)
    | _each("request-optional-property request-required-property", _OF_MUTABILITY)
    | _each("response-optional-property response-required-property", _OF_MUTABILITY)
    | set(_OTHER.split())
)
