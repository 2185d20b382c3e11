import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { deliver } from "../../sdk/components/delivery";

const credentials = (keyId: string) =>
  JSON.stringify({ serviceAccount: { keyId, secret: "s1", email: "e@x.com" } });

/** The value of an output, and whether it is a secret. */
async function seen(output: pulumi.Output<unknown>): Promise<[value: unknown, isSecret: boolean]> {
  const inner = output as unknown as { promise(): Promise<unknown>; isSecret: Promise<boolean> };
  return Promise.all([inner.promise(), inner.isSecret]);
}

test("the key's id is extracted from credentials, and is not a secret", async () => {
  expect(await seen(dt.keyIdIn(pulumi.secret(credentials("k1"))))).toEqual(["k1", false]);
  expect(await seen(dt.keyIdIn(credentials("k2")))).toEqual(["k2", false]);
});

test.each([undefined, "", "null", "[]", "k1", '{"serviceAccount":{"keyId":7}}', '{"serviceAccount":null}'])(
  "%p contains no key",
  async (text) => expect(await seen(dt.keyIdIn(text))).toEqual(["", false]),
);

describe("the evidence of a delivery comes from the state of its commands,", () => {
  /**
   * The engine's answer: the state of each command by its name. It has no state for a command that it leaves
   * out and that has never run.
   */
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

  test("from that of the delivery and that of the verification", async () => {
    const states = { erp: ran(credentials("k2")), "erp-verify": ran(credentials("k1")) };
    expect(await evidenceIn(states, { verify: "look" })).toEqual(["k2", "k1"]);
  });

  test("and is empty for a command that has never run, although Pulumi shows its input", async () => {
    expect(await evidenceIn({}, { verify: "look" })).toEqual(["", ""]);
  });

  test("even if the delivery gets another text than the credentials", async () => {
    const format = ({ keyId }: dt.Credentials) => `KEY=${keyId}`;
    expect(await evidenceIn({ erp: ran("KEY=k2") }, { format })).toEqual(["k2"]);
    expect(await evidenceIn({ erp: ran("KEY=k1") }, { format })).toEqual([""]);
  });
});
