import type * as Identity from "../../../provider/stack/stackIdentity";
import type * as State from "../../../provider/stack/recordedState";

const urn = "urn:pulumi:dev::app::pulumi-nodejs:dynamic/dt:ServiceAccount::erp";

/** What a new process of the provider knows. @param shown the id that a state shows it */
async function inNewProcess(shown?: string, organization?: string): Promise<typeof Identity> {
  let identity: typeof Identity | undefined;
  await jest.isolateModulesAsync(async () => {
    const state = (await import("../../../provider/stack/recordedState.js")) as typeof State;
    state.noteOrganization(organization);
    identity = await import("../../../provider/stack/stackIdentity.js");
  });
  identity?.noteStackId(urn, shown);
  return identity!;
}

const before = process.env.PULUMI_BACKEND_URL;
afterEach(() => {
  if (before === undefined) delete process.env.PULUMI_BACKEND_URL;
  else process.env.PULUMI_BACKEND_URL = before;
});

describe("an intent of an earlier run", () => {
  test("belongs to the state whose id that run saw, even if it is stored elsewhere", async () => {
    const origin = (await inNewProcess("a")).originFor(urn);
    process.env.PULUMI_BACKEND_URL = "file:///moved";
    expect((await inNewProcess("a")).isOfPresentState(urn, origin)).toBe(true);
    expect((await inNewProcess("b")).isOfPresentState(urn, origin)).toBe(false);
  });

  test("belongs to its place if the run knew no id", async () => {
    const origin = (await inNewProcess()).originFor(urn);
    expect((await inNewProcess()).isOfPresentState(urn, origin)).toBe(true);
    process.env.PULUMI_BACKEND_URL = "file:///elsewhere";
    expect((await inNewProcess()).isOfPresentState(urn, origin)).toBe(false);
    expect((await inNewProcess("b")).isOfPresentState(urn, origin)).toBe(false);
  });

  test("belongs to one organization of Pulumi Cloud", async () => {
    process.env.PULUMI_BACKEND_URL = "https://api.pulumi.com";
    const origin = (await inNewProcess(undefined, "acme")).originFor(urn);
    expect((await inNewProcess(undefined, "acme")).isOfPresentState(urn, origin)).toBe(true);
    expect((await inNewProcess(undefined, "other")).isOfPresentState(urn, origin)).toBe(false);
  });
});

test("a new resource gets the id that most of the stack's resources have", async () => {
  const identity = await inNewProcess("moved from another stack");
  for (let count = 0; count < 2; count++) identity.noteStackId(urn, "ours");
  expect(identity.stackIdFor(urn)).toBe("ours");
  expect((await inNewProcess()).stackIdFor(urn)).toMatch(/^[\da-f-]{36}$/);
});
