import { defaultSeed, type Seed } from "./seed";

/** The project ids in the docs and examples, by display name. */
const ids: Readonly<Record<string, string>> = {
  "System Service Accounts": "c14u9q095l47ccv1o3pg",
  Development: "c14u9qg95l47ccv1o3q0",
  Staging: "c14u9r095l47ccv1o3qg",
  Production: "c15j9p094l47cdv0o3pg",
};

/** The default seed with the ids that the README uses. */
export const exampleSeed: Seed = {
  ...defaultSeed,
  organizations: defaultSeed.organizations.map((organization) => ({
    ...organization,
    id: "c11humqoss9000pgu53g",
    projects: (organization.projects ?? []).map((project) => {
      const id = ids[project.displayName];
      return id === undefined ? project : { ...project, id };
    }),
  })),
};
