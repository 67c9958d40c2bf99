"""The shipped kinds, technologies and protocols are right; malformed ones are told at their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from threatmodel.errors import Diagnostic, InputError
from threatmodel.kinds import Kinds, load_kinds
from threatmodel.resources import resource_dir
from threatmodel.source import read

CHECKOUT = Path(__file__).resolve().parents[3]
DESIGN = CHECKOUT.parent / "shared" / "design"
FLOW_KINDS = {"business", "administration", "telemetry", "backup", "deployment"}


@pytest.fixture(scope="module")
def shipped() -> Kinds:
    return load_kinds(resource_dir("catalogs") / "kinds")


def problems_of(folder: Path, **files: str) -> tuple[Diagnostic, ...]:
    """What loading finds wrong with a folder of these files; fails when it finds nothing."""
    kinds = folder / "catalogs" / "kinds"
    kinds.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (kinds / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_kinds(kinds)
    return caught.value.diagnostics


# what the catalog holds


def test_the_catalog_is_as_large_as_promised(shipped: Kinds) -> None:
    assert len(shipped.kinds) >= 70
    assert len(shipped.technologies) >= 180
    assert len(shipped.protocols) >= 90
    assert len(shipped.traits) >= 25


def test_every_name_is_an_id_or_leads_to_one_in_a_single_step(shipped: Kinds) -> None:
    for names, things in (
        (shipped.kind_names, set(shipped.kinds)),
        (shipped.technology_names, set(shipped.technologies)),
        (shipped.protocol_names, set(shipped.protocols)),
    ):
        assert set(names.values()) == things
        assert all(names[id] == id for id in things)
        assert len(names) > len(things), "no aliases at all"


def test_at_least_seventy_kinds_have_aliases(shipped: Kinds) -> None:
    assert len({id for name, id in shipped.kind_names.items() if name != id}) >= 70


def test_every_implied_kind_fits_what_can_have_a_technology(shipped: Kinds) -> None:
    implied = {t.id: t.kind for t in shipped.technologies.values() if t.kind}
    assert len(implied) > 150
    for technology, kind in implied.items():
        assert {"service", "store", "host"} & set(shipped.kinds[kind].subjects), technology


def test_every_trait_is_carried_by_a_kind_and_explained(shipped: Kinds) -> None:
    assert set(shipped.traits) == {t for kind in shipped.kinds.values() for t in kind.traits}
    assert all(meaning.endswith(".") for meaning in shipped.traits.values())


def test_only_ground_that_others_share_or_own_has_a_trust(shipped: Kinds) -> None:
    trusts = {k.id: k.trust for k in shipped.kinds.values() if k.trust}
    untrusted = dict.fromkeys(("internet", "client-device", "home-office", "guest-network"), "untrusted")
    assert trusts == {**untrusted, "partner": "third-party", "saas": "third-party"}


def test_no_kind_of_a_boundary_alone_relays_or_keeps_anything(shipped: Kinds) -> None:
    allowed = {"user-device", "container", "mesh"}
    boundaries = [k for k in shipped.kinds.values() if k.subjects == ("boundary",)]
    assert len(boundaries) > 15
    assert all(k.traits <= allowed for k in boundaries)


def test_obsolete_protocols_never_count_as_encrypted(shipped: Kinds) -> None:
    obsolete = [p for p in shipped.protocols.values() if p.obsolete]
    assert len(obsolete) >= 10
    assert not [p.id for p in obsolete if p.encrypted == "always"]


def test_a_protocol_that_authenticates_its_server_by_tls_also_encrypts(shipped: Kinds) -> None:
    for protocol in shipped.protocols.values():
        if protocol.id.endswith(("-tls", "-mtls")):
            assert protocol.encrypted == "always", protocol.id
        if protocol.id.endswith("-plaintext"):
            assert protocol.encrypted == "never", protocol.id


TRAITS = {
    "queue": {"relay"},
    "dead-letter-queue": {"relay"},
    "topic": {"relay"},
    "stream": {"relay"},
    "event-bus": {"relay"},
    "message-broker": {"relay"},
    "api-gateway": {"entry-point"},
    "ingress-gateway": {"entry-point"},
    "waf": {"entry-point", "filter"},
    "cdn": {"entry-point"},
    "firewall": {"filter"},
    "web-application": {"serves-people"},
    "browser-application": {"serves-people", "user-device"},
    "mobile-application": {"user-device"},
    "test-client": {"test-client"},
    "identity-provider": {"identity-provider"},
    "key-management": {"key-store"},
    "secret-store": {"secret-store"},
    "log-store": {"log-store"},
    "relational-database": {"database", "queryable"},
    "document-database": {"database", "queryable"},
    "cache": {"cache"},
    "object-store": {"object-store"},
    "backup-store": {"backup-store"},
    "mail-service": {"sends-messages"},
    "payment-service": set(),
    "build-pipeline": {"build"},
    "artifact-registry": {"artifact-store"},
    "function-runtime": {"serverless"},
    "container-node": {"container"},
    "service-mesh": {"mesh"},
    "ai-model": {"ai-model"},
    "device-hub": {"relay", "entry-point"},
    "file-transfer-server": {"entry-point"},
    "iot-device": {"field-device"},
    "iot-gateway": {"entry-point", "field-device"},
    "ai-gateway": {"entry-point", "ai-model"},
    "embedding-model": {"ai-model", "embedder"},
    "vector-database": {"database", "retrieval"},
    "relational-vector-database": {"database", "queryable", "retrieval"},
    "ai-agent": {"ai-agent"},
}


@pytest.mark.parametrize(("kind", "traits"), TRAITS.items())
def test_traits_of_common_kinds(shipped: Kinds, kind: str, traits: set[str]) -> None:
    assert shipped.kinds[kind].traits == traits


TECHNOLOGIES = [
    # name, id, kind, managed
    ("postgres", "postgresql", "relational-database", None),
    ("mongo", "mongodb", "document-database", None),
    ("dynamodb", "dynamodb", "document-database", True),
    ("sqlite", "sqlite", "relational-database", False),
    ("kafka", "kafka", "message-broker", None),
    ("sqs", "sqs", "queue", True),
    ("lambda", "aws-lambda", "function-runtime", True),
    ("aws-kms", "aws-kms", "key-management", True),
    ("aws-secrets-manager", "aws-secrets-manager", "secret-store", True),
    ("keycloak", "keycloak", "identity-provider", None),
    ("azure-ad", "entra-id", "identity-provider", True),
    ("s3", "s3", "object-store", True),
    ("locust", "locust", "test-client", None),
    ("github-actions", "github-actions", "build-pipeline", None),
    ("orthanc", "orthanc", "image-archive", None),
    # several kinds are possible, so none is implied
    ("redis", "redis", None, None),
    ("nginx", "nginx", None, None),
    ("httpd", "apache", None, None),
    ("envoy", "envoy", None, None),
    ("istio", "istio", None, None),
    ("elasticsearch", "elasticsearch", None, None),
    ("sns", "sns", None, True),
    ("tomcat", "tomcat", None, None),
    ("cloud-run", "cloud-run", None, True),
    ("kubernetes", "kubernetes", None, None),
    ("golang", "go", None, None),
    ("react", "react", None, None),
    ("spring-boot", "spring-boot", None, None),
]


@pytest.mark.parametrize(("name", "id", "kind", "managed"), TECHNOLOGIES)
def test_technologies_imply_only_what_is_certain(
    shipped: Kinds, name: str, id: str, kind: str | None, managed: bool | None
) -> None:
    assert shipped.technology_names[name] == id
    technology = shipped.technologies[id]
    assert (technology.kind, technology.managed) == (kind, managed)


def test_a_runtime_takes_code_of_its_users_and_a_service_does_not(shipped: Kinds) -> None:
    found = [
        shipped.technologies[id].runs_code for id in ("fargate", "aws-lambda", "heroku", "stripe", "rds")
    ]
    assert found == [True, True, True, False, False]


A, P, N = "always", "possible", "never"
PROTOCOLS = [
    # name, ports, encrypted, server, client, kind of flow, obsolete
    ("http", (80,), N, N, P, None, False),
    ("https", (443,), A, A, P, None, False),
    ("https-mtls", (443,), A, A, A, None, False),
    ("mtls", (), A, A, A, None, False),
    ("tls", (), A, A, P, None, False),
    ("ssl", (), P, P, P, None, True),
    ("tls-1.0", (), P, P, P, None, True),
    ("tls-1.1", (), P, P, P, None, True),
    ("tls-1.3", (), A, A, P, None, False),
    ("http3", (443,), A, A, P, None, False),
    ("ws", (80,), N, N, P, None, False),
    ("wss", (443,), A, A, P, None, False),
    ("grpc", (), P, P, P, None, False),
    ("jdbc", (), P, P, P, None, False),
    ("odbc", (), P, P, P, None, False),
    ("postgresql", (5432,), P, P, P, None, False),
    ("postgresql-tls", (5432,), A, P, P, None, False),
    ("mysql", (3306,), P, P, P, None, False),
    ("mongodb", (27017,), P, P, P, None, False),
    ("redis", (6379,), P, P, P, None, False),
    ("rediss", (6379,), A, A, P, None, False),
    ("kafka", (9092,), P, P, P, None, False),
    ("kafka-plaintext", (9092,), N, N, N, None, False),
    ("kafka-sasl-ssl", (9093,), A, A, A, None, False),
    ("amqp", (5672,), P, P, P, None, False),
    ("amqps", (5671,), A, P, P, None, False),
    ("mqtt", (1883,), P, P, P, None, False),
    ("mqtts", (8883,), A, A, P, None, False),
    ("ldap", (389,), P, P, P, None, False),
    ("ldaps", (636,), A, A, P, None, False),
    ("smtp", (25, 587), P, P, P, None, False),
    ("smtps", (465,), A, A, P, None, False),
    ("ssh", (22,), A, A, P, "administration", False),
    ("rdp", (3389,), P, P, P, "administration", False),
    ("kubectl", (6443,), A, A, P, "administration", False),
    ("telnet", (23,), N, N, P, "administration", True),
    ("ftp", (21,), N, N, P, None, True),
    ("ftps", (21, 990), A, P, P, None, False),
    ("sftp", (22,), A, A, P, None, False),
    ("tftp", (69,), N, N, N, None, True),
    ("smb", (445,), P, P, P, None, False),
    ("nfs", (2049,), P, P, P, None, False),
    ("syslog", (514,), P, P, P, "telemetry", False),
    ("syslog-udp", (514,), N, N, N, "telemetry", False),
    ("syslog-tls", (6514,), A, P, P, "telemetry", False),
    ("otlp", (4317, 4318), P, P, P, "telemetry", False),
    ("statsd", (8125,), N, N, N, "telemetry", False),
    ("ndmp", (10000,), P, P, P, "backup", False),
    ("dns", (53,), N, P, P, None, False),
    ("doh", (443,), A, A, P, None, False),
    ("snmp-v1", (161, 162), N, N, P, None, True),
    ("snmp-v3", (161, 162), P, P, P, None, False),
    ("wireguard", (51820,), A, A, A, None, False),
    ("ipsec", (500, 4500), P, P, P, None, False),
    ("modbus", (502,), N, N, N, None, False),
    ("modbus-tls", (802,), A, A, A, None, False),
    ("s7comm", (102,), N, N, P, None, False),
    ("opc-classic", (135,), P, P, P, None, True),
    ("x11", (6000,), N, N, P, None, True),
    ("opc-ua", (4840,), P, P, P, None, False),
    ("hl7-mllp", (2575,), P, P, P, None, False),
    ("dicom", (104, 11112), P, P, P, None, False),
    ("dicom-tls", (2762,), A, P, P, None, False),
    ("fhir", (), P, P, P, None, False),
    ("in-process", (), P, P, P, None, False),
]


@pytest.mark.parametrize("row", PROTOCOLS, ids=[row[0] for row in PROTOCOLS])
def test_what_protocols_make_certain(
    shipped: Kinds, row: tuple[str, tuple[int, ...], str, str, str, str | None, bool]
) -> None:
    protocol = shipped.protocols[shipped.protocol_names[row[0]]]
    assert protocol[2:] == row[1:]


# the words of the design notes


def stated(value: object) -> Iterator[tuple[str, str, str]]:
    """The section, key and word of every kind, technology and protocol that a model states."""
    assert isinstance(value, dict)
    sections = {s: value.get(s, {}) for s in ("services", "stores", "boundaries", "hosts")}
    for section, entities in [*sections.items(), *value.get("types", {}).items()]:
        for entity in entities.values():
            yield from ((section, k, w) for k, w in (entity or {}).items() if k in ("kind", "technology"))
    for flow in value.get("flows", []):
        protocols = flow.get("protocol", [])
        yield from (
            ("flows", "protocol", p) for p in ([protocols] if isinstance(protocols, str) else protocols)
        )


SUBJECTS = {"services": "service", "stores": "store", "boundaries": "boundary", "hosts": "host"}


@pytest.mark.skipif(not DESIGN.is_dir(), reason="the design notes are not beside this checkout")
def test_every_word_of_the_design_models_is_known_and_fits(shipped: Kinds) -> None:
    words = [
        (path.name, *w) for path in sorted(DESIGN.glob("models/*.yaml")) for w in stated(read(path).root)
    ]
    assert len(words) > 60
    for file, section, key, word in words:
        where = f"{key} `{word}` of {section} in {file}"
        if key == "kind":
            assert word in shipped.kinds, where
            assert SUBJECTS[section] in shipped.kinds[word].subjects, where
        else:
            assert word in (shipped.technologies if key == "technology" else shipped.protocols), where


@pytest.mark.skipif(not DESIGN.is_dir(), reason="the design notes are not beside this checkout")
def test_every_kind_that_the_design_notes_name_is_known(shipped: Kinds) -> None:
    keys = (DESIGN / "KEYS.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `kind` \| word of catalogs/kinds \|.*\| (.*) \|$", keys, re.MULTILINE)
    words = {w for cell in listed if ", " in cell for w in re.findall(r"[a-z][a-z-]+", cell)}
    design = (DESIGN / "DESIGN.md").read_text(encoding="utf-8")
    words |= set(re.findall(r"\bkind: ([a-z-]+)", design)) - FLOW_KINDS
    assert len(words) > 15
    assert sorted(words - set(shipped.kinds)) == []


# malformed catalogs

KIND = "traits: {relay: Passes on.}\nkinds:\n  queue: {for: store, traits: relay}\n"
MALFORMED = {
    # name: text, code and line of each problem
    "an empty file": ("", [("empty-file", 1)]),
    "only a comment": ("# nothing\n", [("empty-file", 1)]),
    "a list": ("- kinds\n", [("wrong-type", 1)]),
    "a word": ("kinds\n", [("wrong-type", 1)]),
    "broken YAML": ("kinds: {a: [\n", [("yaml-syntax", 1)]),
    "an unknown section": ("kinds: {}\nkind:\n  queue: {for: store}\n", [("unknown-key", 2)]),
    "a section without entries": ("kinds:\n", [("empty-value", 1)]),
    "a section that is a list": ("technologies:\n- redis\n", [("wrong-type", 2)]),
    "an entry that is a word": ("technologies:\n  redis: cache\n", [("wrong-type", 2)]),
    "an entry that is a list": ("protocols:\n  http: [80]\n", [("wrong-type", 2)]),
    "an entry that is a number": ("kinds:\n  queue: 1\n", [("wrong-type", 2)]),
    "a trait without meaning": ("traits:\n  relay:\n", [("empty-value", 2)]),
    "a trait that is a mapping": ("traits:\n  relay: {title: x}\n", [("wrong-type", 2)]),
    "an unknown key": ("technologies:\n  redis: {title: R,\n    kinds: cache}\n", [("unknown-key", 3)]),
    "a key of another section": ("protocols:\n  http: {managed: true}\n", [("unknown-key", 2)]),
    "a duplicate id": ("protocols:\n  http:\n  http:\n", [("duplicate-key", 3)]),
    "an id in capitals": ("protocols:\n  HTTP: {ports: 80}\n", [("bad-id", 2)]),
    "an id with a space": ("protocols:\n  'a b': {ports: 80}\n", [("bad-id", 2)]),
    "an empty id": ("protocols:\n  '': {ports: 80}\n", [("bad-id", 2)]),
    "an endless id": (f"protocols:\n  {'a' * 65}: {{ports: 80}}\n", [("bad-id", 2)]),
    "a kind without subjects": ("kinds:\n  queue: {title: Queue}\n", [("missing-key", 2)]),
    "a kind of nothing": ("kinds:\n  queue: {for: []}\n", [("empty-value", 2)]),
    "a kind left empty": ("kinds:\n  queue:\n", [("missing-key", 2)]),
    "an unknown subject": ("kinds:\n  queue: {for: [store, actor]}\n", [("unknown-word", 2)]),
    "an unknown trait": (KIND + "  topic: {for: store, traits: rely}\n", [("unknown-word", 4)]),
    "a trait that is a list": (KIND + "  topic: {for: store, traits: [[relay]]}\n", [("wrong-type", 4)]),
    "traits left empty": (KIND + "  topic: {for: store, traits: }\n", [("empty-value", 4)]),
    "an unknown trust": ("kinds:\n  lan: {for: boundary, trust: high}\n", [("unknown-word", 2)]),
    "trust of a store": ("kinds:\n  queue: {for: store, trust: trusted}\n", [("key-without-use", 2)]),
    "a title that is a number": ("technologies:\n  h2: {title: 2}\n", [("wrong-type", 2)]),
    "an empty title": ("technologies:\n  h2: {title: ''}\n", [("empty-value", 2)]),
    "a vendor that is a list": ("technologies:\n  s3: {vendor: [AWS]}\n", [("wrong-type", 2)]),
    "managed by a word": ("technologies:\n  s3: {managed: yes}\n", [("wrong-type", 2)]),
    "managed by a number": ("technologies:\n  s3: {managed: 1}\n", [("wrong-type", 2)]),
    "an unknown kind": (KIND + "technologies:\n  sqs: {kind: queu}\n", [("unknown-word", 5)]),
    "an alias as kind": (
        "kinds:\n  queue: {for: store, aliases: mq}\ntechnologies:\n  sqs: {kind: mq}\n",
        [("unknown-word", 4)],
    ),
    "several kinds": (KIND + "technologies:\n  sqs: {kind: [queue]}\n", [("wrong-type", 5)]),
    "a kind of boundary": (
        "kinds:\n  lan: {for: boundary}\ntechnologies:\n  cisco: {kind: lan}\n",
        [("kind-subject", 4)],
    ),
    "an alias that is a mapping": ("protocols:\n  http: {aliases: {web: 1}}\n", [("wrong-type", 2)]),
    "an alias that is a number": ("protocols:\n  http: {aliases: [80]}\n", [("wrong-type", 2)]),
    "an alias in capitals": ("protocols:\n  http: {aliases: Web}\n", [("bad-id", 2)]),
    "an alias that is an id": ("protocols:\n  a: {aliases: b}\n  b:\n", [("duplicate-id", 2)]),
    "an alias given twice": ("protocols:\n  a: {aliases: x}\n  b: {aliases: x}\n", [("duplicate-id", 3)]),
    "an alias of itself": ("protocols:\n  a: {aliases: a}\n", [("duplicate-id", 2)]),
    "a port that is a word": ("protocols:\n  http: {ports: '80'}\n", [("wrong-type", 2)]),
    "a port that is a flag": ("protocols:\n  http: {ports: true}\n", [("wrong-type", 2)]),
    "a port that is a fraction": ("protocols:\n  http: {ports: [80.5]}\n", [("wrong-type", 2)]),
    "port 0": ("protocols:\n  http: {ports: 0}\n", [("out-of-range", 2)]),
    "a port too high": ("protocols:\n  http: {ports: [80, 65536]}\n", [("out-of-range", 2)]),
    "a negative port": ("protocols:\n  http: {ports: -80}\n", [("out-of-range", 2)]),
    "an unknown certainty": ("protocols:\n  http: {encrypted: sometimes}\n", [("unknown-word", 2)]),
    "a certainty that is a flag": ("protocols:\n  http: {encrypted: false}\n", [("wrong-type", 2)]),
    "an unknown kind of flow": ("protocols:\n  ssh: {flow_kind: admin}\n", [("unknown-word", 2)]),
    "obsolete by a word": ("protocols:\n  ftp: {obsolete: 'true'}\n", [("wrong-type", 2)]),
    "several problems": (
        "protocols:\n  b: {ports: 0}\n  a: {port: 1, encrypted: yes}\nkind: {}\n",
        [("out-of-range", 2), ("unknown-key", 3), ("unknown-word", 3), ("unknown-key", 4)],
    ),
}


@pytest.mark.parametrize(("text", "expected"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_catalog_is_told_at_its_place(
    tmp_path: Path, text: str, expected: list[tuple[str, int]]
) -> None:
    found = problems_of(tmp_path, broken=text)
    assert [(d.code, d.span.line) for d in found if d.span] == expected
    for problem in found:
        assert problem.span
        assert problem.span.file == "catalogs/kinds/broken.yaml"
        assert problem.excerpt == (text.split("\n")[problem.span.line - 1] if text else "")
        assert not problem.message.endswith(".")


def test_a_misspelt_word_gets_a_suggestion(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, broken=KIND + "technologies:\n  sqs: {kind: queu}\n")
    assert problem.help == "did you mean `queue`?"


def test_a_word_like_none_of_a_few_lists_them(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, broken="protocols:\n  http: {encrypted: sometimes}\n")
    assert problem.help == "one of `always`, `possible`, `never`"


def test_an_id_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, one="protocols:\n  http: {ports: 80}\n", two="protocols:\n  http:\n")
    assert (problem.code, str(problem.span)) == ("duplicate-id", "catalogs/kinds/two.yaml:2:3")
    assert [(text, str(span)) for text, span in problem.related] == [
        ("first here", "catalogs/kinds/one.yaml:2:3")
    ]


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(tmp_path, one="kinds: [\n", two="", three="protocols:\n  http: {ports: x}\n")
    assert [(d.span.file[15:], d.code) for d in found if d.span] == [
        ("one.yaml", "yaml-syntax"),
        ("two.yaml", "empty-file"),
        ("three.yaml", "wrong-type"),
    ]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_kinds_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        load_kinds(tmp_path / name)
    assert [d.code for d in caught.value.diagnostics] == ["unreadable-file"]


HOSTILE = [
    "",
    "~",
    "1",
    "-1.5",
    "true",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[~]",
    "{a: {b: [c]}}",
    "'\\'",
    '"\\0"',
    "*x",
]
WHOLE = (
    "traits: {relay: %s}\nkinds: {queue: {title: %s, for: %s, traits: %s, aliases: %s, trust: %s}}\n"
    "technologies: {sqs: {title: %s, kind: %s, aliases: %s, managed: %s, vendor: %s}}\n"
    "protocols: {http: {title: %s, aliases: %s, ports: %s, encrypted: %s, server_authenticated: %s, "
    "client_authenticated: %s, flow_kind: %s, obsolete: %s}}\n"
)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_any_key_gives_a_traceback(tmp_path: Path, value: str) -> None:
    found = problems_of(tmp_path, broken=WHOLE % ((value,) * WHOLE.count("%s")))
    assert all(d.span for d in found)


def test_a_catalog_may_leave_entries_empty_and_write_one_word_without_brackets(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(KIND + "technologies:\n  sqs: {kind: queue, aliases: q}\n  go:\n")
    (tmp_path / "b.yaml").write_text("protocols:\n  http: {ports: 80}\n  tcp:\n")
    loaded = load_kinds(tmp_path)
    assert loaded.kinds["queue"].subjects == ("store",)
    assert loaded.technology_names == {"sqs": "sqs", "q": "sqs", "go": "go"}
    assert loaded.technologies["go"] == ("go", "go", None, None, None, False)
    assert loaded.protocols["http"].ports == (80,)
    assert loaded.protocols["tcp"][2:] == ((), "possible", "possible", "possible", None, False)
