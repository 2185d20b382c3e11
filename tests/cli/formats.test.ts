import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import Ajv4 from "ajv-draft-04";
import Ajv2020 from "ajv/dist/2020";
import { formats, readOut } from "../../cli/formats";
import { jsonSchema } from "../../cli/formats/json";
import type { Report } from "../../cli/formats/report";
import { table } from "../../cli/formats/table";
import { xmlDocument } from "../../cli/formats/xml";
import { classes, inOrder, type Finding, type FindingClass } from "../../cli/findings/finding";
import { registerSecret } from "../../provider/api/text/redact";

const finding = (kind: FindingClass, id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  class: kind,
  kind: "membership",
  parent: id.split("/members/")[0]!,
  resources:
    kind === "unmanaged"
      ? []
      : [`urn:pulumi:prod::access::pulumi-nodejs:dynamic/dt:ProjectRoleBinding::${id.split("/").at(-1)!}`],
  email: "jane@example.com",
  changes: [],
  message: "is so",
  ...more,
});

function report(findings: Finding[], more: Partial<Report> = {}): Report {
  const counts = Object.fromEntries(
    classes.map((name) => [name, findings.filter((each) => each.class === name).length]),
  ) as Report["counts"];
  return {
    project: "access",
    stack: "prod",
    findings: inOrder(findings),
    accepted: [{ id: "projects/p/members/1", reason: "audit", expires: "2027-01-31", pattern: null }],
    stale: ["projects/gone/**"],
    counts,
    failOn: ["changed", "missing", "unmanaged", "replaced"],
    exitCode: findings.length === 0 ? 0 : 2,
    coverage: {
      declared: { resources: 3, projects: 1, organizations: 1, serviceAccounts: 1, keys: 1, memberships: 1 },
      lists: { read: 4, failed: 1 },
      seen: { projects: 1, organizations: 0, serviceAccounts: 1, keys: 1, memberships: 2 },
      byDefault: 2,
      notCompared: ["urn:x displayName"],
      notLookedAt: [{ what: "organizations/o/members", why: "403" }],
    },
    ...more,
  };
}

/** One finding of each class, with text that tries to break out of each format. */
const nasty = "x\u001b[31m|`<img src=x>`\n::error::%0A]]>&\u0000\u2028@everyone\"'";
const everything = report([
  ...classes.map((kind, index) => finding(kind, `projects/p${index}/members/${index}`)),
  finding("changed", "projects/p/serviceaccounts/s", {
    kind: "serviceAccount",
    displayName: nasty,
    changes: [{ property: "displayName", declared: "ERP", actual: nasty }],
    message: `displayName is ${JSON.stringify(nasty)}`,
  }),
]);
const many = report(
  Array.from({ length: 20_000 }, (_, index) =>
    finding("unmanaged", `projects/p/members/${index}`, {
      email: `person-${index}@example.com`,
      message: "this membership is not declared: roles/project.admin",
    }),
  ),
);

test("JSON follows its shipped schema, with and without findings, and the schema rejects invalid output.", () => {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(jsonSchema) as object);
  const all = { note: "n", createTime: "2027-01-01T00:00:00Z", commands: { accept: "a" } };
  const named = report([finding("unmanaged", "projects/p/members/1", { ...anna, account: erp, ...all })]);
  for (const each of [everything, named, report([]), report([], { exitCode: 3 })])
    expect(validate(JSON.parse(formats.json(each))) ? [] : validate.errors).toEqual([]);
  const document = JSON.parse(formats.json(everything)) as { findings: object[] };
  document.findings.push({ class: "new" });
  expect(validate(document)).toBe(false);
});

test("SARIF follows the standard's schema; fingerprints depend only on the resource and its class.", () => {
  const schema = JSON.parse(
    readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
  ) as object;
  const validate = new Ajv4({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(schema);
  type Log = {
    runs: {
      results: { ruleId: string; level: string; partialFingerprints: object; message: { text: string } }[];
    }[];
  };
  const log = (of: Report) => JSON.parse(formats.sarif(of)) as Log;
  for (const each of [everything, report([])]) {
    expect(validate(log(each)) ? [] : validate.errors).toEqual([]);
  }
  const results = log(everything).runs[0]!.results;
  expect(Object.fromEntries(results.map(({ ruleId, level }) => [ruleId, level]))).toEqual({
    unmanaged: "error",
    replaced: "error",
    changed: "error",
    missing: "error",
    unread: "warning",
    "address-changed": "note",
    expired: "note",
    pending: "note",
    "rotation-due": "note",
    self: "note",
  });
  const one = (message: string, id = "projects/p/members/1") =>
    log(report([finding("changed", id, { message, resources: [] })])).runs[0]!.results[0]!;
  expect(one("a").partialFingerprints).toEqual(one("b").partialFingerprints);
  expect(one("a").partialFingerprints).not.toEqual(one("a", "projects/p/members/2").partialFingerprints);
});

test("Everything that was not read is reported in every format that has a place for it.", () => {
  for (const format of ["table", "json", "sarif", "junit", "markdown", "issue"] as const)
    expect(formats[format](report([]))).toContain("organizations/o/members");
});

test("JUnit is well-formed: drift is a failure, an unreadable resource is an error, and the rest is skipped.", () => {
  const text = formats.junit(everything);
  // Any XML parser can check it, and Python's is installed.
  const script =
    "import sys,json,xml.etree.ElementTree as E\nr=E.fromstring(sys.stdin.buffer.read())\ns=r[0]\nprint(json.dumps([r.attrib,[c[0].tag if len(c) else 'passed' for c in s.iter('testcase')]]))";
  const judge = (xml: string) =>
    JSON.parse(execFileSync("python3", ["-c", script], { input: xml, encoding: "utf8" })) as [
      Record<string, string>,
      string[],
    ];
  const [attributes, cases] = judge(text);
  expect(attributes).toMatchObject({ tests: "11", failures: "5", errors: "1", skipped: "5" });
  expect(cases.sort()).toEqual([
    "error",
    "failure",
    "failure",
    "failure",
    "failure",
    "failure",
    "skipped",
    "skipped",
    "skipped",
    "skipped",
    "skipped",
  ]);
  expect(judge(formats.junit(report([])))[1]).toEqual(["passed"]);
  expect(text).not.toMatch(/time(stamp)?=/);
});

test("Any text passes through XML unchanged, and characters that XML can't hold become spaces.", () => {
  const text = "a<b>&\"c\"\t'd'\n]]>é😀";
  const written = xmlDocument({ tag: "r", attributes: { a: text }, content: [{ tag: "t", content: text }] });
  const script =
    "import sys,json,xml.etree.ElementTree as E\nr=E.fromstring(sys.stdin.buffer.read())\nprint(json.dumps([r.attrib['a'],r[0].text]))";
  const read = (input: string): unknown =>
    JSON.parse(execFileSync("python3", ["-c", script], { input, encoding: "utf8" }));
  expect(read(written)).toEqual([text, text]);
  const refused = "\u0000\u001b\ud800\uffff";
  const replaced = { tag: "r", attributes: { a: refused }, content: [{ tag: "t", content: refused }] };
  expect(read(xmlDocument(replaced))).toEqual(["    ", "    "]);
});

test("Markdown stays under GitHub's limit and counts the omitted findings; foreign text is neither markup nor a mention.", () => {
  const text = formats.markdown(many);
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  const rows = text.match(/^\| <code>/gm)!.length;
  expect(rows).toBeGreaterThan(1000);
  expect(text).toContain(`\n+${20_000 - rows} more\n`);
  const issue = formats.issue(many);
  expect(issue.length).toBeLessThan(65_536);
  expect(issue).toMatch(/\n\+\d+ more\n/);
  const all = formats.markdown(everything);
  expect(all).not.toMatch(/<img|@everyone|^::error/m);
  expect(all).not.toContain("\u001b");
  expect(
    all
      .split("\n")
      .filter((line) => line.startsWith("| <code>"))
      .every((line) => line.match(/(?<!\\)\|/g)?.length === 4),
  ).toBe(true);
  for (const line of ["Not checked: organizations/o/members", "Accepted by the baseline: 1", "4 of 5 lists"])
    expect(all).toContain(line);
});

test("GitHub gets at most ten annotations, each one line, and the last one counts the others.", () => {
  const lines = formats.github(many).trimEnd().split("\n");
  expect(lines).toHaveLength(10);
  expect(lines[9]).toBe("::warning title=pulumi-dt::+19991 more; drift: 20000 unmanaged");
  const few = formats
    .github(report(everything.findings.slice(0, 9)))
    .trimEnd()
    .split("\n");
  expect(few).toHaveLength(9);
  expect(few.every((line) => /^::(error|warning|notice) title=pulumi-dt%3A [\w-]+::\S/.test(line))).toBe(
    true,
  );
  expect(formats.github(report([]))).toBe("");
});

test("The table shows every finding, in colour only if requested, and no control characters.", () => {
  const plain = table(everything, { isColoured: false });
  // eslint-disable-next-line no-control-regex -- the text must not contain control characters
  expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  for (const kind of [
    "Unmanaged",
    "Replaced",
    "Changed",
    "Missing",
    "Could not be read",
    "Address changed",
    "Expired",
    "Pending",
    "Rotation due",
    "The identity that Pulumi runs as",
  ])
    expect(plain).toContain(kind);
  for (const { id } of everything.findings) expect(plain).toContain(`\n  ${id}\n`);
  expect(table(everything, { isColoured: true })).toContain("\u001b[31m");
});

const place = { name: "projects/p", displayName: "Production" };
const anna = { email: "anna@example.com", displayName: "Anna Berg", role: "roles/project.admin", place };
const company = { name: "organizations/o", displayName: "Example Company" };
const erp = { name: "projects/p/serviceaccounts/s", displayName: "ERP", email: "s@p.example" };

test("The table begins a finding with names, and has the API's name and each command on lines of their own, however long they are.", () => {
  const id = `projects/${"p".repeat(400)}/members/9201`;
  const commands = {
    declare: `pulumi-dt export ${id}`,
    accept: `pulumi-dt record ${id} --reason "..."`,
    remove: `pulumi-dt remove ${id}`,
  };
  const since = { createTime: "2027-01-02T03:04:05Z" };
  const text = formats.table(report([finding("unmanaged", id, { ...anna, ...since, commands })]));
  expect(text).toContain(
    [
      "Anna Berg <anna@example.com> is admin in Production, and nothing declares it",
      "  member since 2027-01-02T03:04:05Z",
      `  ${id}`,
      `  declare: ${commands.declare}`,
      `  accept:  ${commands.accept}`,
      `  remove:  ${commands.remove}`,
      "",
    ].join("\n"),
  );
});

describe("A sentence of the table says", () => {
  const cases: Record<string, [expected: string, kind: FindingClass, id: string, more: Partial<Finding>]> = {
    "who administers an organization": [
      "Anna Berg <anna@example.com> is an administrator of Example Company, and nothing declares it",
      "unmanaged",
      "organizations/o/members/1",
      { ...anna, role: "roles/organization.admin", place: company },
    ],
    "who was invited": [
      "anna@example.com is invited as user in projects/p, and nothing declares it",
      "unmanaged",
      "projects/p/members/1",
      {
        email: anna.email,
        role: "roles/project.user",
        message: "this membership is not declared: roles/project.user, PENDING",
      },
    ],
    "whose key it is": [
      'The service account "ERP" in Production has a key that nothing declares',
      "unmanaged",
      "projects/p/serviceaccounts/s/keys/k",
      { kind: "key", place, account: erp },
    ],
    "which account it is": [
      'The service account "ERP" <s@p.example> exists in Production, and nothing declares it',
      "unmanaged",
      erp.name,
      { kind: "serviceAccount", place, ...erp },
    ],
    "both roles if they differ": [
      "Anna Berg <anna@example.com> is admin in Production, and user is declared",
      "changed",
      "projects/p/members/1",
      {
        ...anna,
        changes: [{ property: "role", declared: "roles/project.user", actual: "roles/project.admin" }],
      },
    ],
  };
  test.each(Object.entries(cases))("%s.", (_, [expected, kind, id, more]) => {
    expect(formats.table(report([finding(kind, id, more)])).split("\n")).toContain(expected);
  });
});

test("The most dangerous findings come first in the table, in Markdown and in the annotations.", () => {
  const is = (email: string, id: string, role: string) => finding("unmanaged", id, { email, role });
  const mixed = report([
    is("a-user@x", "projects/p/members/1", "roles/project.user"),
    is("b-unknown@x", "projects/p/members/2", "roles/project.sensorInstaller"),
    is("c-admin@x", "projects/p/members/3", "roles/project.admin"),
    is("d-org@x", "organizations/o/members/4", "roles/organization.admin"),
    finding("unmanaged", "projects/p/serviceaccounts/s/keys/e-key", { kind: "key" }),
    finding("missing", "projects/p/members/6", { email: "g-missing@x" }),
    finding("changed", "projects/p/members/7", {
      email: "f-changed@x",
      changes: [{ property: "role", declared: "roles/project.user", actual: "roles/project.admin" }],
    }),
  ]);
  const byClass = ["d-org", "c-admin", "e-key", "a-user", "b-unknown", "f-changed", "g-missing"];
  const byDanger = ["d-org", "c-admin", "e-key", "f-changed", "a-user", "b-unknown", "g-missing"];
  for (const [format, order] of [
    ["table", byClass],
    ["markdown", byClass],
    ["issue", byClass],
    ["github", byDanger],
  ] as const) {
    const text = formats[format](mixed).replaceAll("&#64;", "@");
    const positions = order.map((word) => text.indexOf(word));
    expect({ format, positions }).toEqual({ format, positions: [...positions].sort((a, b) => a - b) });
    expect(positions).not.toContain(-1);
  }
});

test("The identity that Pulumi runs as is said once, with its account, its key and its roles.", () => {
  const own = { email: erp.email, displayName: "Pulumi", place };
  const text = formats.table(
    report([
      finding("self", erp.name, { kind: "serviceAccount", ...own }),
      finding("self", `${erp.name}/keys/k1`, { kind: "key", place, account: erp }),
      finding("self", "projects/p/members/s", { ...own, role: "roles/project.admin" }),
      finding("self", "organizations/o/members/s", {
        ...own,
        role: "roles/organization.admin",
        place: company,
      }),
    ]),
  );
  expect(text).toContain(
    "Pulumi itself runs as Pulumi <s@p.example>: account, key k1, administrator of Example Company, admin in Production; not declared\n",
  );
});

test("A finding whose message begins with a verb reads as one sentence.", () => {
  const gone = (message: string, more: Partial<Finding>) =>
    formats.table(report([finding("missing", "projects/p/x/1", { place, message, ...more })])).split("\n");
  expect(gone("is no longer a member", { email: "bob@x.example" })).toContain(
    "bob@x.example in Production is no longer a member",
  );
  expect(gone("no longer exists", { kind: "serviceAccount", displayName: "ERP" })).toContain(
    'Service account "ERP" in Production no longer exists',
  );
});

test("The annotations say the identity that Pulumi runs as once, and the sum leaves it out unless it is drift.", () => {
  const own = report(
    ["projects/p/members/s", "projects/q/members/s"].map((id) => finding("self", id)),
    { exitCode: 0 },
  );
  expect(formats.github(own).match(/::notice title=pulumi-dt%3A self::Pulumi itself runs as/g)).toHaveLength(
    1,
  );
  expect(formats.table(own)).toMatch(/\nno drift\n$/);
  expect(formats.table({ ...own, failOn: ["self"], exitCode: 2 })).toMatch(/\ndrift: 2 self\n$/);
});

test("Every format shows the names of a finding, and its API name.", () => {
  const named = report([
    finding("unmanaged", "projects/p/members/1", anna),
    finding("unmanaged", `${erp.name}/keys/k`, { kind: "key", place, account: erp }),
  ]);
  for (const format of Object.keys(formats) as (keyof typeof formats)[]) {
    const text = formats[format](named);
    for (const word of ["Anna Berg", "Production", "ERP", "projects/p"])
      expect({ format, word, isThere: text.includes(word) }).toEqual({ format, word, isThere: true });
  }
});

test("A credential that was read appears in no format, whatever its source.", () => {
  const secret = registerSecret("0123456789abcdef0123456789abcdef");
  const leaking = report([
    finding("changed", "projects/p/members/1", {
      displayName: secret,
      message: `it is ${secret}`,
      changes: [{ property: "displayName", declared: secret, actual: secret }],
    }),
  ]);
  for (const format of Object.values(formats)) expect(format(leaking)).not.toContain(secret);
});

test("The same report gives the same bytes in every format.", () => {
  for (const format of Object.values(formats))
    expect(format(structuredClone(everything))).toBe(format(everything));
});

test("A file's ending sets its format, or a word before it; otherwise it is an error.", () => {
  expect(
    ["a.json", "a.sarif", "b.sarif.json", "c.xml", "d.md", "e.txt", "junit=f"].map(
      (out) => readOut(out).format,
    ),
  ).toEqual(["json", "sarif", "sarif", "junit", "markdown", "table", "junit"]);
  expect(() => readOut("a.html")).toThrow(/say the format/);
});
