import { failureOf, startWorld, type World } from "../world";
import { handlerOf as handlerIn, inputs, outsIn, thing } from "../thing";

let world: World;
beforeAll(async () => void (world = await startWorld()));
const outs = () => outsIn(world);
const handlerOf = (parts?: Partial<typeof thing>, settings?: Readonly<Record<string, string>>) =>
  handlerIn(world, parts, settings);

describe("any thrown value becomes a short error that Pulumi can pass on", () => {
  const googleStyle = Object.assign(new Error("quota exceeded"), {
    metadata: { reason: "x" },
    code: 404,
    details: "the details",
    id: "request-7",
    reasons: ["r"],
  });
  class Special extends Error {
    override name = "Special";
  }
  const cases: [what: string, thrown: () => unknown, message: string][] = [
    ["undefined", () => undefined, "unexpected failure"],
    ["null", () => null, "unexpected failure"],
    ["text", () => "it broke", "it broke"],
    ["a number", () => 7, "unexpected failure: 7"],
    ["an error without a message", () => new Error(), "unexpected failure"],
    ["an error of a class of its own", () => new Special("it broke"), "it broke"],
    ["an error with fields that mean something to gRPC or Pulumi", () => googleStyle, "quota exceeded"],
    [
      "an error that quotes the key's secret",
      () => new Error(`no ${world.admin.secret} here`),
      "no [secret] here",
    ],
    [
      "an error that quotes a header",
      () => new Error("authorization: Bearer abcdefghijkl"),
      "authorization: [secret]",
    ],
    ["an error with control characters", () => new Error("a\u001b[31mb\u0007"), "a [31mb"],
  ];
  const methods: Record<string, (fail: () => never) => Promise<unknown>> = {
    check: (fail) => handlerOf({ check: { ...thing.check, label: fail } }).check({}, inputs),
    diff: (fail) => handlerOf({ guardChange: fail }).diff("thing-1", outs(), inputs),
    create: (fail) => handlerOf({ create: fail }).create(inputs),
    read: (fail) => handlerOf({ read: fail }).read("thing-1", outs()),
    update: (fail) => handlerOf({ update: fail }).update("thing-1", outs(), inputs),
    delete: (fail) => handlerOf({ delete: fail }).delete("thing-1", outs()),
  };

  describe.each(Object.keys(methods))("from %s", (method) => {
    test.each(cases)("%s", async (_what, thrown, message) => {
      const work = methods[method]!(() => {
        throw thrown();
      });
      const error = await failureOf(work);
      expect(error.message).toBe(message);
      expect(error.stack).toBe("");
      expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
      expect(Object.keys(error)).toEqual([]);
    });

    test("a message of long foreign text, never cut within a character", async () => {
      for (const before of ["", "a"]) {
        const { message } = await failureOf(
          methods[method]!(() => {
            throw new Error(before + "\u{1f600}".repeat(5000));
          }),
        );
        expect(message.isWellFormed()).toBe(true);
      }
    });

    test("a message of 200 kB", async () => {
      const work = methods[method]!(() => {
        throw new Error("long ".repeat(40_000));
      });
      expect((await failureOf(work)).message.length).toBeLessThan(4001);
    });
  });
});
