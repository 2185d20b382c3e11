import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { deliver } from "../../sdk/components/delivery";

const credentials = (keyId: string) =>
  JSON.stringify({ serviceAccount: { keyId, secret: "s1", email: "e@x.com" } });

/** What an output holds, and whether it is a secret. */
async function seen(output: pulumi.Output<unknown>): Promise<[value: unknown, isSecret: boolean]> {
  const inner = output as unknown as { promise(): Promise<unknown>; isSecret: Promise<boolean> };
  return Promise.all([inner.promise(), inner.isSecret]);
}

test("the id of the key is taken out of credentials, and is no secret", async () => {
  expect(await seen(dt.keyIdIn(pulumi.secret(credentials("k1"))))).toEqual(["k1", false]);
  expect(await seen(dt.keyIdIn(credentials("k2")))).toEqual(["k2", false]);
});

test.each([undefined, "", "null", "[]", "k1", '{"serviceAccount":{"keyId":7}}', '{"serviceAccount":null}'])(
  "%p holds no key",
  async (text) => expect(await seen(dt.keyIdIn(text))).toEqual(["", false]),
);

describe("the evidence of a delivery is what the state of its commands has", () => {
  /** What the engine answers: the state of each command by its name, or nothing for one that it leaves out and that never was. */
  async function evidenceIn(states: Record<string, object>, target: Partial<dt.Target> = {}) {
    await pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: states[name] ?? {} }),
      call: () => ({}),
    });
    const { keyIds } = deliver(
      "erp",
      { deliver: "put-it", ...target },
      pulumi.secret(pulumi.output(credentials("k2"))),
      {},
    );
    const all = await Promise.all(keyIds.map(seen));
    expect(all.every(([, isSecret]) => !isSecret)).toBe(true);
    return all.map(([keyId]) => keyId);
  }
  const ran = (stdin: string) => ({ stdin, stdout: "", stderr: "" });

  test("for the delivery and the verification each", async () => {
    const states = { erp: ran(credentials("k2")), "erp-verify": ran(credentials("k1")) };
    expect(await evidenceIn(states, { verify: "look" })).toEqual(["k2", "k1"]);
  });

  test("and nothing for a command that has never run, though Pulumi shows its input", async () => {
    expect(await evidenceIn({}, { verify: "look" })).toEqual(["", ""]);
  });

  test("also where the delivery gets another text than the credentials", async () => {
    const format = ({ keyId }: dt.Credentials) => `KEY=${keyId}`;
    expect(await evidenceIn({ erp: ran("KEY=k2") }, { format })).toEqual(["k2"]);
    expect(await evidenceIn({ erp: ran("KEY=k1") }, { format })).toEqual([""]);
  });
});
