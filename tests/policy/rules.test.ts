import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessPolicies } from "../../policy";
import { permit, today } from "../../policy/exception";
import { externalPeople } from "../../policy/externalPeople";
import { keyAge } from "../../policy/keyAge";
import { noLiteralCredentials } from "../../policy/literalCredentials";
import { judged, judgedSingly, resource } from "./judged";

const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

const keyOf = (props: object) => resource("pulumi-nodejs:dynamic/dt:ServiceAccountKey", "erp", props);

describe("an exception", () => {
  const given = { who: "Jane@example.com", reason: "audit", until: "2026-11-30" };
  const at = (time: string) => permit([given], () => new Date(time));

  test("is valid until the end of its last day, in upper and lower case, and is then named with its reason", () => {
    expect(at("2026-11-30T23:59:59Z")("jane@example.com")).toBeUndefined();
    expect(at("2026-12-01T00:00:00Z")("jane@example.com")).toBe("its exception ended on 2026-11-30 (audit)");
    expect(at("2026-11-30T00:00:00Z")("john@example.com")).toBe("there is no exception for it");
  });

  test("is valid for an address in any Unicode spelling", () => {
    const composed = { ...given, who: "ren\u00e9@example.com" };
    const objection = permit([composed], () => new Date("2026-11-30T00:00:00Z"));
    expect(objection(composed.who.normalize("NFD").toUpperCase())).toBeUndefined();
  });

  test.each([
    [{ ...given, reason: " " }, "the exception for Jane@example.com has no reason"],
    [
      { ...given, until: "soon" },
      'the exception for Jane@example.com ends on "soon", which is not a date (YYYY-MM-DD)',
    ],
    [{ ...given, until: "2026-13-01" }, /ends on "2026-13-01"/],
    [{ ...given, who: "" }, "an exception must say who it is for"],
  ])("without a reason or a day is an error: %j", (exception, message) => {
    expect(() =>
      accessPolicies({ program: false, domains: [], exceptions: { people: [exception] } }),
    ).toThrow(message);
  });

  test("uses DT_AS_OF in rehearsals", () => {
    expect(today({ DT_AS_OF: "2030-01-01" }).getUTCFullYear()).toBe(2030);
    expect(() => today({ DT_AS_OF: "someday" })).toThrow('DT_AS_OF is not a date: "someday"');
  });
});

describe("the age of keys", () => {
  const policy = keyAge("90d", () => new Date("2026-11-24T00:00:00Z"));

  test("requires a rotation, and checks the existing key", async () => {
    expect(await judged(policy, keyOf({}))).toEqual(['key "erp" has no rotateAfter: set one of at most 90d']);
    const young = { rotateAfter: "90d", createTime: "2026-08-27T00:00:00Z" };
    expect(await judged(policy, keyOf(young))).toEqual([]);
    const old = { rotateAfter: "90d", createTime: "2026-08-01T00:00:00Z" };
    expect(await judged(policy, keyOf(old))).toEqual(['key "erp" is 115 days old: rotate it by `pulumi up`']);
  });

  test("must be a duration", () => {
    expect(() => accessPolicies({ program: false, domains: false, oldestKey: "soon" })).toThrow(
      "must be a duration",
    );
  });
});

describe.each(["pulumi-nodejs:dynamic/dt:", "disruptive:index:"])(
  "external people in %s resources",
  (types) => {
    const policy = externalPeople(["example.com"], [], () => new Date("2027-01-01T12:00:00Z"), "180d");
    const judge = (props: object) =>
      judgedSingly(
        policy,
        resource(`${types}ProjectRoleBinding`, "ann", { member: "ann@agency.example", ...props }),
      );

    test("need no exception if their access ends within the limit, or has ended", async () => {
      expect(await judge({ expires: "2027-03-31" })).toEqual([]);
      expect(await judge({ expires: "2027-06-30" })).toEqual([]);
      expect(await judge({ expires: "2027-06-30T12:00:00Z" })).toEqual([]);
      expect(await judge({ expires: "2026-12-31" })).toEqual([]);
    });

    test("need one if their access has no end, or a later one", async () => {
      expect(await judge({})).toEqual([
        "ann@agency.example is of another mail domain, has no expires, and there is no exception for it",
      ]);
      expect(await judge({ expires: "2027-07-02" })).toEqual([
        "ann@agency.example is of another mail domain, has access until 2027-07-02, more than 180d from now, and there is no exception for it",
      ]);
      expect(await judge({ expires: "soon" })).toHaveLength(1);
      const strict = externalPeople(["example.com"], [], () => new Date("2027-01-01T12:00:00Z"));
      const ann = resource(`${types}OrgAdminBinding`, "ann", {
        member: "ann@agency.example",
        expires: "2027-01-02",
      });
      expect(await judgedSingly(strict, ann)).toEqual([
        "ann@agency.example is of another mail domain, and there is no exception for it",
      ]);
    });

    test("need a limit that is a duration", () => {
      expect(() =>
        accessPolicies({ program: false, domains: ["example.com"], longestExternalAccess: "soon" }),
      ).toThrow("must be a duration");
    });
  },
);

describe("credentials in plaintext", () => {
  const provider = resource("pulumi:providers:pulumi-nodejs", "b", { "dt:keySecret": "abcdef-the-secret" });

  test.each([
    ["index.ts", 'const a = 1;\nnew dt.Provider("b", { keySecret: "abcdef-the-secret" });', 2],
    ["Pulumi.dev.yaml", "config:\n  dt:keySecret: abcdefghij", 2],
    ["deploy.sh", "export DT_API_KEY_SECRET=0123456789abcdef0123", 1],
    [".env", "DT_SERVICE_ACCOUNT_SECRET=0123456789abcdef0123", 1],
    ["notes.json", '{"a": "abcdef-the-secret"}', 1],
    ["Pulumi.yaml", "    properties:\n      keySecret: abcdefghij", 2],
    ["Main.yaml", "properties: {keyId: k, keySecret: abcdefghij, email: e}", 1],
    ["Pulumi.prod.yaml", "config:\n  disruptive:keySecret: abcdefghij", 2],
    ["__main__.py", 'dt.Provider("b", key_id="k", key_secret="0123456789abcdef")', 1],
    ["main.go", 'KeySecret: pulumi.String("0123456789abcdef"),', 1],
    ["Program.cs", 'KeySecret = "0123456789abcdef",', 1],
    ["App.java", '.keySecret("0123456789abcdef")', 1],
    ["index.mts", 'keySecret: pulumi.secret("0123456789abcdef")', 1],
    ["module.py", "x = 'abcdef-the-secret'", 1],
  ])("are found in %s with their line, which is not shown", async (file, text, line) => {
    const program = mkdtempSync(join(folder, "case-"));
    writeFileSync(join(program, file), text);
    expect(await judged(noLiteralCredentials(program), provider)).toEqual([
      `${file}:${line} holds a plaintext credential: move it to \`pulumi config set --secret\`, and rotate it`,
    ]);
  });

  test("are not searched for in other people's code, and their names alone are not a secret", async () => {
    const program = mkdtempSync(join(folder, "case-"));
    mkdirSync(join(program, "node_modules"));
    writeFileSync(join(program, "node_modules", "index.js"), "abcdef-the-secret");
    writeFileSync(
      join(program, "index.ts"),
      'const keySecret = config.requireSecret("companyBKeySecret");\nconst { secret } = key; // secret: "short"',
    );
    writeFileSync(
      join(program, "Pulumi.dev.yaml"),
      "config:\n  dt:keySecret:\n    secure: v1:abcdefghijklmnop",
    );
    writeFileSync(
      join(program, "Pulumi.yaml"),
      "config:\n  other:keySecret: {type: string, secret: true}\nproperties:\n  keySecret: ${companyBKeySecret}",
    );
    writeFileSync(
      join(program, "__main__.py"),
      'key_secret=config.require_secret("companyBKeySecret"),\nsecret = config.require_secret("companyBKeySecret")',
    );
    mkdirSync(join(program, "env"));
    writeFileSync(join(program, "env", "pyvenv.cfg"), "home = /usr/bin");
    writeFileSync(join(program, "env", "site.py"), 'password = "0123456789abcdef"');
    expect(await judged(noLiteralCredentials(program), provider)).toEqual([]);
  });

  test("are not searched for in a missing folder, because that would always pass", () => {
    expect(() => noLiteralCredentials(join(folder, "missing"))).toThrow("ENOENT");
  });
});

test("a rule that is set to false is left out", () => {
  const names = accessPolicies({
    program: false,
    domains: false,
    oldestKey: false,
    twoHumanAdmins: false,
  }).map(({ name }) => name);
  expect(names).toEqual(["dt-basic-auth-off", "dt-no-machine-organization-admins"]);
});
