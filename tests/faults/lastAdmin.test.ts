import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Program, Properties } from "../provider/stack";
import { failureOf, printed, startWorld, type World } from "../provider/world";
import { Machine } from "./machine";
import { adopt, expectAllowed, expectRefusal, preview } from "./refusals";
import { tally } from "./tally";

let world: World;
beforeEach(async () => void (world = await startWorld()));

describe("the last administrator of an organization", () => {
  /** A cloud in which we can administer without a listed membership, as an account with rights from elsewhere. */
  async function unlisted(): Promise<{ settings: Readonly<Record<string, string>>; close: () => void }> {
    const hidden = new RegExp(`\\{[^{}]*${world.admin.email}[^{}]*\\},?`);
    const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
      const { method, headers, url = "" } = incoming;
      const to = new URL(url, world.url);
      const options = { method, headers: { ...headers, host: to.host } };
      incoming.pipe(
        forward(to, options, (answer) => {
          let text = "";
          answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
          answer.on("end", () => {
            const body =
              method === "GET" && url.includes("/members")
                ? text.replace(hidden, "").replace(",]", "]")
                : text;
            outgoing.writeHead(answer.statusCode ?? 500, { "content-type": "application/json" }).end(body);
          });
        }),
      );
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
    return { settings: { ...world.settingsOf(), "dt:apiUrl": url }, close: () => void server.close() };
  }

  const words = (email: string) =>
    `removing ${email} leaves ${world.organization} without an administrator who can undo it`;
  const binding = (email: string, more: Properties = {}) =>
    ["orgAdminBinding", { organization: world.organization, member: email, adopt: true, ...more }] as const;
  const adminsLeft = () => world.cloud.members.list(world.organization).map(({ email }) => email);

  test("stays, unless allowLockout says otherwise", async () => {
    const { settings, close } = await unlisted();
    const stack = world.stack(settings);
    await adopt(stack, "orgAdminBinding", binding("ada@example.com")[1]);
    await expectRefusal(world, stack, {}, words("ada@example.com"), false);
    await expectAllowed(stack, { thing: binding("ada@example.com") }, {});
    expect(adminsLeft()).toEqual([world.admin.email]);
    close();
  });

  test("stays if the list of members is empty, because that proves nothing", async () => {
    const { settings, close } = await unlisted();
    const stack = world.stack(settings);
    await adopt(stack, "orgAdminBinding", binding("ada@example.com")[1]);
    world.faults.add({
      method: "GET",
      path: "/v2/organizations/*/members",
      effect: { kind: "respond", status: 200, body: { members: [], nextPageToken: "" } },
      times: "untilCleared",
    });
    await expectRefusal(world, stack, {}, words("ada@example.com"), false);
    close();
  });

  test("is not removed to get another role, and neither is the identity of this run", async () => {
    const { settings, close } = await unlisted();
    Object.assign(world.unknowns, { wrongRoleCount: "accepted", organizationViewerRole: true });
    const roles = ["roles/organization.admin", "roles/organization.viewer"];
    for (const { name } of world.cloud.members.list(world.organization))
      world.cloud.members.update(name, { roles });
    const ours = `removing ${world.admin.email} from ${world.organization} removes the access of the identity this run logs in as`;
    for (const [stack, email, why] of [
      [world.stack(settings), "ada@example.com", words("ada@example.com")],
      [world.stack(), world.admin.email, ours],
    ] as const) {
      const before = world.snapshot();
      world.requests.clear();
      expect((await failureOf(stack.up({ thing: binding(email) }))).message).toContain(`refused: ${why}`);
      expect(world.snapshot()).toEqual(before);
      // The API answers that it is already a member.
      expect(world.writes()).toEqual([`POST ${world.organization}/members`]);
    }
    close();
  });

  test.each(["one process", "several processes"])(
    "is the one that remains of several that are deleted together in %s",
    async (where) => {
      const { settings, close } = await unlisted();
      const people = ["ada@example.com", "grace@example.com", "third@example.com"];
      world.cloud.users.create({ email: "third@example.com", displayName: "Third" });
      const stack = world.stack(settings);
      const program = Object.fromEntries(people.map((email) => [email, binding(email)]));
      await printed(() => stack.up(program));
      // Like several explicit providers of one program.
      const journal = { DT_JOURNAL: new Machine({}).journal };
      const machines = people.map(() => new Machine(settings, journal));
      const remove = async (email: string, index: number): Promise<void> => {
        const { id, outs } = stack.made[email]!;
        if (where === "one process") return stack.handlers.orgAdminBinding.delete(id, outs);
        const provider = await machines[index]!.provider();
        return provider.resource("orgAdminBinding").delete(id, outs);
      };
      const outcomes = await Promise.allSettled(people.map(remove));
      const refused = outcomes.filter(({ status }) => status === "rejected");
      tally({
        group: "lock-outs",
        passed: refused.length === 1,
        lockOutsLetThrough: refused.length === 1 ? 0 : 1,
      });
      expect(refused).toHaveLength(1);
      expect(adminsLeft()).toHaveLength(2);
      close();
    },
  );

  test("is the one that remains when another was removed by hand since the preview", async () => {
    const { settings, close } = await unlisted();
    const stack = world.stack(settings);
    await printed(() => stack.up({ ada: binding("ada@example.com"), grace: binding("grace@example.com") }));
    await preview(stack, { grace: binding("grace@example.com") });
    world.cloud.members.delete(stack.made.grace!.id);
    await expectRefusal(
      world,
      stack,
      { grace: binding("grace@example.com") },
      words("ada@example.com"),
      false,
    );
    close();
  });

  test("stays until the replacing one can administer, which an invitation can't", async () => {
    const { settings, close } = await unlisted();
    const stack = world.stack(settings);
    await adopt(stack, "orgAdminBinding", binding("ada@example.com")[1]);
    const unknown: Program = { thing: binding("new@example.com", { adopt: false }) };
    expect(await printed(() => preview(stack, unknown))).toBe(
      `pulumi-dt: ada@example.com is the last administrator of ${world.organization}: the removal is refused unless somebody else can administer it by then. An invitation that was not accepted doesn't count\n`,
    );
    expect((await failureOf(stack.up(unknown))).message).toContain(words("ada@example.com"));
    expect(adminsLeft()).toEqual(expect.arrayContaining(["ada@example.com", "new@example.com"]));
    close();
  });

  test("can be deleted after its successor exists, which is created first", async () => {
    const { settings, close } = await unlisted();
    const stack = world.stack(settings);
    await adopt(stack, "orgAdminBinding", binding("ada@example.com")[1]);
    world.requests.clear();
    expect(await stack.up({ thing: binding("grace@example.com", { adopt: false }) })).toEqual({
      thing: "replace",
    });
    expect(world.writes().map((write) => write.split(" ")[0])).toEqual(["POST", "DELETE"]);
    expect(adminsLeft()).toEqual(expect.arrayContaining(["grace@example.com"]));
    close();
  });
});
