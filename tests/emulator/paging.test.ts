import type { Caller } from "./login";
import { scene, type Scene } from "./scene";

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

/** Reads a list to its end; what happens between two pages is the caller's. */
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

test("a list comes in pages of 100, in both spellings of the query", async () => {
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

test("the last page says so by an empty token, even if it is full", async () => {
  const { body } = await made.admin("GET", "projects?pageSize=4");
  expect(body["projects"]).toHaveLength(4);
  expect(body["nextPageToken"]).toBe("");
});

test("nobody is skipped or seen twice where members come and go between two pages", async () => {
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

test.each(["pageSize=-1", "pageSize=many", "pageToken=nonsense", "pageToken=bnVsbA"])(
  "%s is refused",
  async (query) => {
    expect(await made.admin("GET", `${made.project}/members?${query}`)).toMatchObject({ status: 400 });
  },
);
