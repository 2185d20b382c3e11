import * as pulumi from "@pulumi/pulumi";
import * as dt from "../../sdk";
import { registrationsOf } from "./program";

const serviceAccount = "projects/p/serviceaccounts/s";

describe("a key without an overlap", () => {
  const registered = async (args: Partial<dt.ServiceAccountKeyArgs>) => {
    const all = await registrationsOf(() => new dt.ServiceAccountKey("erp", { serviceAccount, ...args }));
    return all.map(({ type, inputs }) => ({ type: type.split(":").at(-1), inputs }));
  };

  test("has another resource delete the previous key, in the same update but after the new one is recorded", async () => {
    const [key, retirement] = await registered({ overlap: "0", allowLockout: true });
    expect(key).toMatchObject({ type: "ServiceAccountKey", inputs: { retirement: "atOnce" } });
    expect(retirement).toMatchObject({
      type: "KeyRetirement",
      inputs: { serviceAccount, overlap: "0", allowLockout: true },
    });
  });

  test.each<[string, Partial<dt.ServiceAccountKeyArgs>]>([
    ["there is an overlap", { overlap: "1h" }],
    ["nothing is said", {}],
    ["whoever delivers it sees to that", { overlap: "0", retirement: "afterDelivery" }],
    ["it is not known in the program", { overlap: pulumi.output("0") }],
  ])("but not if %s", async (_, args) => {
    const all = await registered(args);
    expect(all.map(({ type }) => type)).toEqual(["ServiceAccountKey"]);
    expect(all[0]!.inputs.retirement).toBe(args.retirement);
  });
});
