import type { Scene } from "../scene";
import { makeAccount } from "./makers";
import { type Case, statusOf } from "./case";

/** Patches both fields of an account with a mask. @returns the status and the changed fields */
async function under({ admin, project }: Scene, mask: string): Promise<unknown[]> {
  const { name } = await makeAccount(admin, project, { displayName: "old" });
  const change = { displayName: "new", enableBasicAuth: true };
  const { status } = await admin("PATCH", `${name}?update_mask=${mask}`, change);
  const { body } = await admin("GET", name);
  return [status, body["displayName"], body["enableBasicAuth"]];
}

export const masks = {
  patchUpdateMaskRequired: {
    observe: async ({ admin, project }) => {
      const { name } = await makeAccount(admin, project);
      return [
        await statusOf(admin("PATCH", name, { displayName: "x" })),
        await statusOf(admin("PATCH", `${name}?update_mask=displayName`, { displayName: "x" })),
      ];
    },
    expected: { false: [200, 200], true: [400, 200] },
  },
  updateMaskEmpty: {
    observe: (scene) => under(scene, ""),
    expected: { allFields: [200, "new", true], nothing: [200, "old", false], 400: [400, "old", false] },
  },
  updateMaskSnakeCase: {
    observe: (scene) => under(scene, "display_name"),
    expected: { accepted: [200, "new", false], ignored: [200, "old", false], 400: [400, "old", false] },
  },
  updateMaskUnknownField: {
    observe: (scene) => under(scene, "displayName,colour"),
    expected: { ignored: [200, "new", false], 400: [400, "old", false] },
  },
} satisfies Record<string, Case>;
