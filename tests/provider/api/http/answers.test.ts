import * as v from "valibot";
import { parseAs } from "../../../../provider/api/http/client";
import { find, remove } from "../../../../provider/api/reads/find";
import { MemberBody } from "../../../../provider/api/bodies/members";
import { OrganizationBody, ProjectBody } from "../../../../provider/api/bodies/organizations";
import { KeyBody, ServiceAccountBody } from "../../../../provider/api/bodies/serviceAccounts";
import { failureOf, startWorld } from "../../world";
import { apiFailure, apiOf, html, inWorlds, respond } from "../wire";

describe("an answer of the API", () => {
  test("that is a page with status 404 does not prove that the resource is deleted", async () => {
    const world = await startWorld();
    const name = `${world.projects[0]}/members/9201`;
    world.faults.add({ path: `/v2/${name}`, effect: respond(404, html) });
    const { message } = await failureOf(find(await apiOf(world), name, MemberBody));
    expect(message).toContain(`GET ${name}: 404 Not Found; ${name} can't be seen with these credentials`);
  });

  test("that is replaced by a page is an error in the end, and the page is never printed", async () => {
    const world = await startWorld();
    world.faults.add({ path: "/v2/**", times: "untilCleared", effect: respond(404, html) });
    const error = await apiFailure((await apiOf(world)).get(world.projects[0]));
    expect(error.message).toBe(`GET ${world.projects[0]}: 404 Not Found`);
    expect(error.isApiAnswer).toBe(false);
  });

  test("with an empty body is success if nothing has to be read", async () => {
    await inWorlds(["204", "empty"] as const, async (answer, world, api) => {
      world.unknowns.successWithoutBody = answer;
      const { name } = world.cloud.accounts.create({ project: world.projects[0] });
      await remove(api, name);
      expect(world.cloud.accounts.get(name)).toBeUndefined();
    });
  });

  test.each([
    ["no body", undefined, "malformed answer: the body is missing"],
    ["a list", [], "malformed answer: name is missing"],
    ["no name", { roles: [], email: "x@example.com" }, "malformed answer: name is missing"],
    [
      "a role in place of roles",
      { name: "projects/p/members/m", email: "e", roles: "roles/project.user" },
      "malformed answer: roles is not Array",
    ],
  ])(
    "that is %s instead of a member is an error that names the field and not its value",
    async (_what, body, reason) => {
      const world = await startWorld();
      const name = `${world.projects[0]}/members/9201`;
      world.faults.add({ path: `/v2/${name}`, effect: respond(200, body) });
      const { message } = await failureOf((await apiOf(world)).get(name).then(parseAs(MemberBody)));
      expect(message).toBe(`GET ${name}: 200 ${reason}`);
    },
  );

  /** Names and ids that would send a request elsewhere, or end a line of a program. */
  const unsafe = [
    "..",
    "-",
    "a/b",
    "a?b=c",
    "a#b",
    "a:b",
    "a\\b",
    "a%2fb",
    "a\nprocess.exit()",
    "a b",
    "\u202ea",
    "",
  ];

  test.each(unsafe)("with %j in a name or an id is malformed, whatever the name belongs to", (id) => {
    const bodies = [
      [MemberBody, { name: `projects/p/members/${id}`, email: "e", roles: [] }],
      [MemberBody, { name: `organizations/${id}/members/m`, email: "e", roles: [] }],
      [ServiceAccountBody, { name: `projects/${id}/serviceaccounts/s`, email: "e" }],
      [KeyBody, { name: `projects/p/serviceaccounts/s/keys/${id}`, id }],
      [KeyBody, { name: "projects/p/serviceaccounts/s/keys/k", id }],
      [ProjectBody, { name: `projects/${id}` }],
      [OrganizationBody, { name: `organizations/${id}` }],
    ] as const;
    for (const [schema, body] of bodies)
      expect({ body, ok: v.is(schema, body) }).toEqual({ body, ok: false });
    const project = v.parse(ProjectBody, { name: "projects/p", organization: `organizations/${id}` });
    expect(project.organization).toBe("");
  });

  test("has the name of the requested resource, and a key's id is the end of its name", () => {
    expect(v.is(MemberBody, { name: "projects/p/serviceaccounts/s", email: "e", roles: [] })).toBe(false);
    expect(v.is(ServiceAccountBody, { name: "projects/p/members/m", email: "e" })).toBe(false);
    expect(v.is(KeyBody, { name: "projects/p/serviceaccounts/s/keys/k", id: "other" })).toBe(false);
    expect(v.is(KeyBody, { name: "projects/p/serviceaccounts/s/keys/k", id: "k" })).toBe(true);
  });

  test("may contain unknown values, and null does not make it fail", () => {
    const body = {
      name: "projects/p/members/m",
      email: "e",
      roles: ["roles/new"],
      status: "FROZEN",
      accountType: "ROBOT",
      createTime: null,
      x: 1,
    };
    expect(v.parse(MemberBody, body)).toEqual({
      name: "projects/p/members/m",
      email: "e",
      roles: ["roles/new"],
      status: "FROZEN",
      accountType: "ROBOT",
      createTime: "",
      displayName: "",
    });
  });
});
