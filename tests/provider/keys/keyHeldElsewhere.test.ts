import { startRotation } from "./rotationScene";
import type { Program } from "../stack";

test.each(["automatic", "afterDelivery"])(
  "a rotation (%s) keeps a previous key that is another resource's present key, until that resource is deleted",
  async (retirement) => {
    const scene = await startRotation();
    const { account: serviceAccount, keys } = scene;
    const program = (round: string, adopt?: string): Program => ({
      ...(adopt === undefined ? {} : { other: ["serviceAccountKey", { serviceAccount, adopt }] }),
      key: ["serviceAccountKey", { serviceAccount, rotationTriggers: { round }, retirement, overlap: "1h" }],
      ...(retirement === "automatic"
        ? {}
        : {
            retirement: [
              "keyRetirement",
              ({ key }) => {
                const { keyId, createTime, previousKeyId } = key!.outs;
                const deliveredKeyIds = [keyId];
                return { serviceAccount, keyId, createTime, previousKeyId, deliveredKeyIds, overlap: "1h" };
              },
            ],
          }),
    });
    const up = (...args: Parameters<typeof program>) => scene.restart().up(program(...args));
    await up("1");
    const [first] = keys();
    await up("1", first);
    await up("2", first);
    const both = keys();
    expect(both).toHaveLength(2);
    scene.travel("2h");
    await up("2", first);
    expect(keys()).toEqual(both);
    await up("2");
    await up("2");
    expect(keys()).toEqual(both.slice(1));
  },
);
