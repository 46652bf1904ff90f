/** What the names of experiment files end with. */
export const EXPERIMENT_SUFFIX = '.emdpo.json';
