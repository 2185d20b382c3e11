import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyResource } from "@pulumi/policy";
import { basicAuthOff } from "../../policy/basicAuthOff";
import { externalPeople } from "../../policy/externalPeople";
import { twoHumanAdmins } from "../../policy/humanAdmins";
import { keyAge } from "../../policy/keyAge";
import { noLiteralCredentials } from "../../policy/literalCredentials";
import { noMachineAdmins } from "../../policy/machineAdmins";
import { judged, judgedSingly, resource } from "./judged";

const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the rules say the same about dynamic resources, about resources of the plugin, and about both in one stack:", () => {
  const doors = ["pulumi-nodejs:dynamic/dt", "disruptive:index"] as const;
  type Door = (typeof doors)[number];
  const now = () => new Date("2026-11-24T00:00:00Z");
  const admin = (door: Door, name: string, props: object, from?: PolicyResource) =>
    resource(`${door}:OrgAdminBinding`, name, props, from && { member: [from] });
  const account = (door: Door) => resource(`${door}:ServiceAccount`, "erp", { enableBasicAuth: true });
  const provider = (door: Door) =>
    door === "disruptive:index"
      ? resource("pulumi:providers:disruptive", "b", { auth: "basic", keySecret: "abcdef-the-secret" })
      : resource("pulumi:providers:pulumi-nodejs", "b", {
          "dt:auth": "basic",
          "dt:keySecret": "abcdef-the-secret",
        });
  const says: Record<string, (first: Door, second: Door) => Promise<string[]>> = {
    "Basic authentication": (first, second) =>
      judgedSingly(basicAuthOff([], now), account(first), provider(second)),
    "machines that administer": (first, second) => {
      const key = resource(`${second}:ServiceAccountKey`, "erp", {});
      return judged(
        noMachineAdmins([], now),
        admin(first, "bot", { member: "bot@p.serviceaccount.d21s.com" }),
        admin(first, "erp", {}, account(second)),
        admin(second, "by its key", {}, key),
      );
    },
    "the age of keys": (first, second) =>
      judged(
        keyAge("90d", now),
        resource(`${first}:ServiceAccountKey`, "a", {}),
        resource(`${second}:ServiceAccountKey`, "b", {
          rotateAfter: "1d",
          createTime: "2026-01-01T00:00:00Z",
        }),
      ),
    "people of other domains": (first, second) =>
      judgedSingly(
        externalPeople(["example.com"], [], now),
        resource(`${first}:ProjectRoleBinding`, "eve", { member: "eve@evil.example" }),
        admin(second, "jane", { member: "jane@evil.example" }),
      ),
    "a single person who administers": (first, second) =>
      judged(
        twoHumanAdmins(),
        admin(first, "ada", { organization: "o", member: "ada@example.com" }),
        admin(second, "again", { organization: "organizations/o", member: "Ada@example.com" }),
      ),
    "plaintext credentials": (first, second) => {
      const program = mkdtempSync(join(folder, "case-"));
      writeFileSync(join(program, "index.ts"), 'a("abcdef-the-secret");\nb("0123456789");');
      const key = resource(`${second}:ServiceAccountKey`, "erp", { secret: "0123456789" });
      return judged(noLiteralCredentials(program), provider(first), key);
    },
  };
  test.each(Object.entries(says))("%s", async (_, about) => {
    const [dynamic, plugin] = doors;
    const expected = await about(dynamic, dynamic);
    expect(expected).not.toEqual([]);
    expect(await about(plugin, plugin)).toEqual(expected);
    expect(await about(plugin, dynamic)).toEqual(expected);
    expect(await about(dynamic, plugin)).toEqual(expected);
  });

  test("and nothing about resources of the vendor's own provider, whose package is dt.", async () => {
    const member = resource("dt:index/projectMember:ProjectMember", "eve", { email: "eve@evil.example" });
    expect(await judgedSingly(externalPeople(["example.com"], [], now), member)).toEqual([]);
    const vendors = resource("pulumi:providers:dt", "default", { auth: "basic" });
    expect(await judgedSingly(basicAuthOff([], now), vendors)).toEqual([]);
  });
});
