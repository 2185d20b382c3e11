import { resolve } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { accessPolicies } from "pulumi-dt/policy";

new PolicyPack("access", {
  policies: accessPolicies({
    // The program is in the parent folder.
    program: resolve(__dirname, ".."),
    domains: ["example.com"],
    oldestKey: "90d",
    exceptions: {
      basicAuth: [
        { who: "Demo at the fair", reason: "a prototype in an empty project", until: "2099-12-31" },
      ],
      machineAdmins: [{ who: "pulumi", reason: "what runs Pulumi itself", until: "2099-12-31" }],
      people: [{ who: "ann@consultants.example", reason: "builds the dashboard", until: "2099-06-30" }],
    },
  }),
});
