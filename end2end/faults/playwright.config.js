// The fault matrix: what breaks, and how long it is felt. `make faults` runs it; the table comes at the end.

import { measuredSuite } from "../support/suite.js";

export default measuredSuite({ name: "faults", title: "The fault matrix", rows: "fault" });
