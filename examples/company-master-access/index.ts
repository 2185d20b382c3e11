import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();

const master = new dt.CompanyMasterAccess("company-master-access", {
  organization: config.require("organization"),
  home: config.require("home"),
  // It opens everything, so it does not get old.
  key: { rotateAfter: "30d", overlap: "24h" },
});

export const email = master.email;
export const credentials = master.credentials;
