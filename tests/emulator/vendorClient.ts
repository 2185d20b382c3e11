import { pythonWith } from "../../tools/setup/venv";

/** A Python with the vendor's client, in the version that the emulator was compared with. */
export const vendorClient = () => pythonWith("python-client", "disruptive==1.7.3");
