import * as pulumi from "@pulumi/pulumi";
import * as dt from "pulumi-dt";

const config = new pulumi.Config();

const master = new dt.CompanyMasterAccess("company-master-access", {
  organization: config.require("organization"),
  home: config.require("home"),
  // This key gives access to everything, so rotate it often.
  key: { rotateAfter: "30d", overlap: "24h" },
});

export const email = master.email;
export const credentials = master.credentials;
