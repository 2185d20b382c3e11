import { idOf, type Scene, withScene } from "../scene";

/** The calls to compare. Each takes the number of its round. */
async function calls({
  emulator,
  admin,
  organization,
  project,
}: Scene): Promise<Record<string, (round: number) => Promise<{ status: number }>>> {
  const roles = ["roles/project.user"];
  const { name } = emulator.cloud.members.create({ scope: project, email: "one@example.com", roles });
  const list = `projects/-/members?memberId=${idOf(name)}&organization=${organization}`;
  await admin("GET", name);
  return {
    get: () => admin("GET", name),
    add: (round) => admin("POST", `${project}/members`, { email: `new${round}@x.no`, roles }),
    change: () => admin("PATCH", name, { roles }),
    list: () => admin("GET", list),
  };
}

function populate({ emulator: { cloud }, organization }: Scene): void {
  for (let number = 0; number < 50; number++) {
    const { name: scope } = cloud.projects.create({ organization, displayName: `project ${number}` });
    for (let person = 0; person < 100; person++)
      cloud.members.create({ scope, email: `m${person}@example.com`, roles: ["roles/project.user"] });
  }
}

/** The milliseconds a call takes, including the socket. */
async function timed(call: (round: number) => Promise<{ status: number }>, round: number): Promise<number> {
  const start = performance.now();
  expect((await call(round)).status).toBe(200);
  return performance.now() - start;
}

test("a call takes no longer among 5,000 members in 50 projects than in an empty cloud", () =>
  withScene({}, (small) =>
    withScene({}, async (large) => {
      populate(large);
      const [fewer, more] = [await calls(small), await calls(large)];
      for (const name of Object.keys(fewer)) {
        // Compare the fastest of many alternating calls, so that the load of other programs does not matter.
        const quickest = { fewer: Infinity, more: Infinity };
        for (let round = 0; round < 60; round++) {
          quickest.fewer = Math.min(quickest.fewer, await timed(fewer[name]!, round));
          quickest.more = Math.min(quickest.more, await timed(more[name]!, round));
        }
        // A scan of all members would take several times as long.
        expect({ name, ...quickest, isAsQuick: quickest.more < quickest.fewer * 2 + 0.5 }).toMatchObject({
          isAsQuick: true,
        });
      }
    }),
  ));
