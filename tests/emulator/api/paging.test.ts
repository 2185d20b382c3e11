import type { Caller } from "../login";
import { scene, type Scene } from "../scene";

let made: Scene;
beforeAll(async () => {
  made = await scene();
  const { cloud } = made.emulator;
  for (let number = 0; number < 250; number++)
    cloud.members.create({
      scope: made.project,
      email: `m${number}@example.com`,
      roles: ["roles/project.user"],
    });
});
afterAll(() => made.emulator.close());

/** Reads all pages of a list, and runs the caller's function between two pages. */
async function readAll(
  call: Caller,
  path: string,
  size: string,
  between = (): void => undefined,
): Promise<string[][]> {
  const pages: string[][] = [];
  let token = "";
  do {
    const { status, body } = await call("GET", `${path}?${size}&pageToken=${token}`);
    expect(status).toBe(200);
    pages.push((body["members"] as { email: string }[]).map(({ email }) => email));
    token = body["nextPageToken"] as string;
    if (token !== "") between();
  } while (token !== "");
  return pages;
}

test("a list has pages of 100, with both spellings of the query parameters", async () => {
  const list = `${made.project}/members`;
  for (const size of ["", "pageSize=100", "page_size=100", "pageSize=1000", "pageSize=0"])
    expect((await readAll(made.admin, list, size)).map((page) => page.length)).toEqual([100, 100, 50]);
  expect((await readAll(made.admin, list, "page_size=60")).map((page) => page.length)).toEqual([
    60, 60, 60, 60, 10,
  ]);
  const { body } = await made.admin("GET", `${list}?page_size=1&page_token=`);
  const second = await made.admin("GET", `${list}?page_size=1&page_token=${String(body["nextPageToken"])}`);
  expect(second.body["members"]).toMatchObject([{ email: "m1@example.com" }]);
});

test("the last page has an empty token, even if it is full", async () => {
  const { body } = await made.admin("GET", "projects?pageSize=4");
  expect(body["projects"]).toHaveLength(4);
  expect(body["nextPageToken"]).toBe("");
});

test("no member is skipped or repeated if others are added and removed between two pages", async () => {
  const { cloud } = made.emulator;
  const roles = ["roles/project.user"];
  let removed = 0;
  const pages = await readAll(made.admin, `${made.project}/members`, "pageSize=100", () => {
    const { name } = cloud.members.list(made.project)[0]!;
    cloud.members.delete(name);
    cloud.members.create({ scope: made.project, email: `late${removed++}@example.com`, roles });
  });
  const seen = pages.flat();
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(
    expect.arrayContaining(["m249@example.com", "late0@example.com", "late1@example.com"]),
  );
});

test.each([
  "pageSize=-1",
  "pageSize=many",
  "pageSize=1e1",
  "pageSize=0x10",
  "pageSize=1.5",
  "pageSize=%20",
  "pageToken=nonsense",
  "pageToken=bnVsbA",
  "pageToken=W10",
  `pageToken=${Buffer.from(JSON.stringify({ list: "projects" })).toString("base64url")}`,
])("%s is refused", async (query) => {
  expect(await made.admin("GET", `${made.project}/members?${query}`)).toMatchObject({ status: 400 });
});

test("an enormous page size means the maximum", async () => {
  const { status, body } = await made.admin("GET", `${made.project}/members?pageSize=${"9".repeat(400)}`);
  expect([status, (body["members"] as unknown[]).length]).toEqual([200, 100]);
});

test("a page token is valid only for its own list, with the same filters", async () => {
  const { admin, emulator, organization, project, other } = made;
  const { cloud } = emulator;
  emulator.unknowns.wildcardServiceAccounts = "ok";
  emulator.unknowns.projectMemberFilter = "works";
  emulator.unknowns.wildcardEmailFilter = "works";
  for (const scope of [project, other]) {
    const accounts = [1, 2].map(() => cloud.accounts.create({ project: scope }));
    for (const { name } of accounts) [1, 2].forEach(() => cloud.keys.create({ account: name }));
  }
  for (const email of ["a@x.no", "b@x.no"]) {
    cloud.members.create({ scope: other, email, roles: ["roles/project.user"] });
    cloud.members.create({ scope: organization, email, roles: ["roles/organization.admin"] });
  }
  cloud.organizations.create({ displayName: "Another" });
  const [first = "", second = ""] = cloud.accounts.list(project).map(({ name }) => name);
  const lists = [
    "projects",
    `projects?organization=${organization}`,
    "projects?query=e",
    "roles",
    `${project}/serviceaccounts`,
    `${other}/serviceaccounts`,
    "projects/-/serviceaccounts",
    `${first}/keys`,
    `${second}/keys`,
    `${project}/members`,
    `${other}/members`,
    `${organization}/members`,
    "projects/-/members",
    `projects/-/members?organization=${organization}`,
    `${project}/permissions`,
    `${organization}/permissions`,
  ];
  const page = (list: string, token = "") =>
    admin("GET", `${list}${list.includes("?") ? "&" : "?"}pageSize=1&pageToken=${token}`);
  const tokens = await Promise.all(
    lists.map(async (list) => String((await page(list)).body["nextPageToken"])),
  );
  for (const [from, token] of tokens.entries()) {
    expect([lists[from], token]).not.toContain("");
    for (const [to, list] of lists.entries()) {
      const { status } = await page(list, token);
      expect([lists[from], list, status]).toEqual([lists[from], list, from === to ? 200 : 400]);
    }
  }
});

test("a token is valid with another page size, but not with another sort order", async () => {
  const { admin, emulator, project } = made;
  const list = `${project}/members`;
  const { body } = await admin("GET", `${list}?pageSize=5`);
  const token = String(body["nextPageToken"]);
  expect((await admin("GET", `${list}?pageSize=7&pageToken=${token}`)).status).toBe(200);
  emulator.unknowns.sortOrder = "byName";
  expect((await admin("GET", `${list}?pageSize=5&pageToken=${token}`)).status).toBe(400);
  emulator.unknowns.sortOrder = "createdAsc";
});

test("admins listed as project members appear once each, while others are added and removed", async () => {
  const { admin, emulator, organization, other } = made;
  emulator.unknowns.orgAdminsInProjectLists = "both";
  const roles = ["roles/organization.admin"];
  const add = (email: string) => emulator.cloud.members.create({ scope: organization, email, roles }).name;
  const leaving = add("leaving@x.no");
  for (const number of [1, 2, 3]) add(`admin${number}@x.no`);
  const pages = await readAll(admin, `${other}/members`, "pageSize=3", () => {
    emulator.cloud.members.delete(leaving);
  });
  const seen = pages.flat();
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(
    expect.arrayContaining(["admin1@x.no", "admin2@x.no", "admin3@x.no", emulator.admin.email]),
  );
  emulator.unknowns.orgAdminsInProjectLists = "no";
});
