import { adapt } from "../../../provider/dynamic/adapter";
import { Incomplete } from "../../../provider/contract/resource";
import { type Handler, type Properties, unknown, wire, without } from "../stack";
import { failureOf, startWorld, type World } from "../world";
import { handlerOf as handlerIn, hiddenInputs, inputs, outsIn, thing } from "../thing";

let world: World;
beforeAll(async () => void (world = await startWorld()));
const outs = () => outsIn(world);
const handlerOf = (parts?: Partial<typeof thing>, settings?: Readonly<Record<string, string>>) =>
  handlerIn(world, parts, settings);

describe("check", () => {
  test("normalises inputs, fills in defaults, and keeps the properties that Pulumi and the SDK add", async () => {
    const news = { label: " a ", place: "here", ...hiddenInputs };
    const { inputs: checked, failures } = await handlerOf().check({}, news);
    expect(failures).toEqual([]);
    expect(wire(checked)).toEqual({ label: "a", place: "here", isOpen: false, __urn: hiddenInputs.__urn });
  });

  test("accepts unknown values at any depth", async () => {
    const news = { label: unknown, place: { of: [unknown] }, isOpen: unknown };
    const { inputs: checked, failures } = await handlerOf().check({}, news);
    expect(failures).toEqual([]);
    expect(checked).toEqual(news);
  });

  test("names no property in its failures, because Pulumi would print its value", async () => {
    const { failures } = await handlerOf().check({}, { label: 7, place: "here", secert: "hush" });
    expect(failures).toEqual([
      { property: "", reason: "label must be a string" },
      {
        property: "",
        reason: "secert is not an input of this resource; its inputs are label, place, note, isOpen",
      },
    ]);
  });

  test("reports settings together with inputs", async () => {
    const { failures } = await handlerOf({}, { "dt:auth": "magic" }).check({}, { label: "a", place: 1 });
    expect(failures.map(({ reason }) => reason)).toEqual([
      'dt:auth must be oauth2 or basic, not "magic"',
      "place must be a string",
    ]);
  });
});

describe("diff", () => {
  const diff = (changes: Properties, state: Properties = {}) =>
    handlerOf().diff("thing-1", { ...outs(), ...state }, { ...inputs, ...changes });

  test("without a difference returns no change", async () =>
    expect(await diff({})).toEqual({ changes: false }));

  test("leaves it to the engine to show an update property by property", async () =>
    expect(await diff({ label: "b" })).toEqual({ replaces: [], deleteBeforeReplace: false }));

  test("asks for replacement as the resource decides", async () =>
    expect(await diff({ place: "there", label: "b" })).toEqual({
      replaces: ["place"],
      deleteBeforeReplace: false,
    }));

  test("deletes the old one first if it occupies the place of the new one", async () => {
    const handler = handlerOf({ onChange: { ...thing.onChange, place: "recreate" } });
    expect(await handler.diff("thing-1", outs(), { ...inputs, place: "there" })).toEqual({
      replaces: ["place"],
      deleteBeforeReplace: true,
    });
  });

  test("returns no change for an input that only matters at creation, whether it was added, removed or changed", async () => {
    expect(await diff({ note: "n" })).toEqual({ changes: false });
    expect(await diff({}, { note: "n" })).toEqual({ changes: false });
    expect(await diff({ note: "m" }, { note: "n" })).toEqual({ changes: false });
  });

  test("returns no change for another provider text or URN", async () =>
    expect(await diff({ __provider: "other", __urn: "other" })).toEqual({ changes: false }));

  test("treats an unknown value as a change that replaces nothing yet", async () =>
    expect(await diff({ place: unknown })).toEqual({ replaces: [], deleteBeforeReplace: false }));

  test("of unfinished work returns a change even if nothing else has changed", async () =>
    expect(await diff({}, { incomplete: "the last step is missing" })).toEqual({ changes: true }));

  test("of unfinished work that has to be replaced returns a replacement", async () =>
    expect(await diff({ place: "there" }, { incomplete: "…" })).toMatchObject({ replaces: ["place"] }));

  test("of a state without an API base, from an older version, returns no change", async () =>
    expect(await diff({}, { apiUrl: undefined })).toEqual({ changes: false }));
});

describe("the recorded state", () => {
  test("is every input, every output and the API base, as JSON values", async () => {
    const extra = { gone: undefined, list: [1, undefined], when: new Date(0), not: NaN, call: () => 1 };
    const handler = handlerOf({
      create: () => Promise.resolve({ id: "thing-1", outputs: { serial: "s1", extra } }),
    });
    const created = await handler.create({ ...inputs, note: "n" });
    expect(created.id).toBe("thing-1");
    expect(wire(created.outs)).toEqual({
      label: "a",
      place: "here",
      isOpen: true,
      note: "n",
      serial: "s1",
      extra: { list: [1, null], when: "1970-01-01T00:00:00.000Z", not: null },
      apiUrl: world.url,
      madeAt: expect.any(String) as string,
      stackId: expect.any(String) as string,
      __urn: hiddenInputs.__urn,
    });
  });

  test("is the same after an update, with the new inputs", async () => {
    const { outs: updated } = await handlerOf().update(
      "thing-1",
      { ...outs(), incomplete: "…" },
      { ...inputs, label: "b" },
    );
    expect(wire(updated)).toEqual({
      label: "b",
      place: "here",
      isOpen: true,
      serial: "s1",
      apiUrl: world.url,
      __urn: hiddenInputs.__urn,
    });
  });

  test("is the same after a read, with the present values, and comes with inputs to compare", async () => {
    const read = await handlerOf().read("thing-1", outs());
    expect(wire(read)).toEqual({
      id: "thing-1",
      props: { ...without(outs(), "__provider"), label: "as it is" },
      inputs: { ...without(inputs, "__provider"), label: "as it is" },
    });
  });
});

describe("read", () => {
  test("keeps the mark of unfinished work, which only an update removes", async () => {
    const { props } = await handlerOf().read("thing-1", { ...outs(), incomplete: "half made" });
    expect(props).toMatchObject({ incomplete: "half made" });
  });

  test("of a deleted resource returns an empty id", async () => {
    const handler = handlerOf({ read: () => Promise.resolve(undefined) });
    expect(await handler.read("thing-1", outs())).toEqual({ id: "", props: {} });
  });

  test("of a missing resource that a program looks up is an error", async () => {
    const handler = handlerOf({ read: () => Promise.resolve(undefined) });
    const { message } = await failureOf(handler.read("thing-1", inputs));
    expect(message).toBe(`thing-1 does not exist, as ${world.admin.email} sees it`);
  });
});

describe("a resource that exists but is not as declared", () => {
  const half = new Incomplete({ id: "thing-1", outputs: { serial: "s1" } }, "step two: no x of y");
  const fail = () => Promise.reject(half);

  const madeAt = "2026-11-25T12:00:00.000Z";
  const origin = { madeAt, stackId: "id-of-the-stack" };
  const text = expect.any(String) as string;
  test.each<[string, object, () => Promise<unknown>]>([
    ["create", { madeAt: text, stackId: text }, () => handlerOf({ create: fail }).create(inputs)],
    ["update", origin, () => handlerOf({ update: fail }).update("thing-1", { ...outs(), ...origin }, inputs)],
  ])(
    "is recorded by %s with a mark, the reason, its source, and the text that identifies the handler",
    async (_method, itsOrigin, work) => {
      const thrown: unknown = await work().catch((error: unknown) => error);
      expect(thrown).not.toBeInstanceOf(Error);
      expect(wire(thrown)).toEqual({
        message: "step two: no x of y",
        id: "thing-1",
        properties: { ...outs(), incomplete: "step two: no x of y", ...itsOrigin },
        reasons: ["step two: no x of y"],
      });
    },
  );

  test("gets a reason without secrets and of moderate length", async () => {
    const reason = `${world.admin.secret} ${"long ".repeat(40_000)}`;
    const incomplete = new Incomplete({ id: "thing-1", outputs: { serial: "s1" } }, reason);
    const thrown: unknown = await handlerOf({ create: () => Promise.reject(incomplete) })
      .create(inputs)
      .catch((error: unknown) => error);
    const { reasons } = thrown as { reasons: string[] };
    expect(reasons[0]).toMatch(/^\[secret\] long/);
    expect(JSON.stringify(thrown).length).toBeLessThan(20_000);
  });
});

test("configure works at once: calls before its promise resolves find the settings", async () => {
  const handler = adapt(thing, []) as unknown as Handler;
  const settings = world.settingsOf();
  const configured = handler.configure({ config: { get: (key) => settings[key as keyof typeof settings] } });
  const reads = await Promise.all(Array.from({ length: 10 }, () => handler.read("thing-1", outs())));
  expect(reads.map(({ id }) => id)).toEqual(Array<string>(10).fill("thing-1"));
  await configured;
});

test("configure never fails, whatever the settings: each call reports the errors", async () => {
  const handler = handlerOf({}, {});
  for (const call of [
    handler.create(inputs),
    handler.read("thing-1", outs()),
    handler.delete("thing-1", outs()),
  ])
    expect((await failureOf(call)).message).toContain("DT_API_KEY_ID is not set");
});
