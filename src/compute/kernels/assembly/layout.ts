/**
 * Where things stand in the memory that the kernels share, in bytes. Both the kernels (AssemblyScript) and the
 * program that fills the memory read this file.
 */

// what threads agree on, a cache line each
/** Number of the latest job: threads wait for it to change. */
export const JOB = 64;
/** Next part of the job that nobody has taken (low half), and its number of parts (high half). */
export const NEXT = 128;
/** Parts that are done. */
export const DONE = 192;
/** Bit of `DONE` that says that a thread failed and its part will never be done. */
export const LOST = 0x80000000;
/** What the job is, and the header that it is about. */
export const KIND = 256;
export const HEADER = 260;
// from 320 on: numbers that the kernels compute with (scripts/kernels.mjs says so), then what is free

// a header: pointers and numbers of four bytes each
export const ALTERNATIVES = 0;
/** Rankings, as `Rankings` has them: start (u32), option (i32); stages (u32), 0 where a ranking is left to others. */
export const START = 4;
export const OPTION = 8;
export const STAGES = 12;
/** By alternative, f64. */
export const EXPONENTIAL = 16;
export const UTILITY = 20;
export const DIRECTION = 24;
/** Sums by alternative: gradient, product or diagonal. */
export const SUMS = 28;
/** By ranking, f64: weights, and ℓ of the type in question. */
export const WEIGHT = 32;
export const VALUE = 36;
/** Parts of the rankings: parts + 1 bounds (u32). */
export const BOUND = 40;
/** By part: alternatives it touches, from … to − 1 (u32). */
export const LOW = 44;
export const HIGH = 48;
/** By part: where its own sums by alternative would begin for alternative 0 (u32). */
export const OWN = 52;
/** By part: f64. */
export const PARTIAL = 56;
/** By part: room for the numbers of one ranking; bytes of each. */
export const SCRATCH = 60;
export const SCRATCH_BYTES = 64;
/** By alternative: bytes from the beginning of the blocks to its row, and within a row to its column (u32). */
export const ROW = 68;
export const COLUMN = 72;
/** Parts of the curvature, fewer than of other sums, as each has all blocks. */
export const BLOCK_PARTS = 76;
export const BLOCKS = 80;
/** Bytes of all blocks together. */
export const BLOCK_BYTES = 84;
export const RANKING_PARTS = 88;
/** Profiles: count (f64), start (u32), ranking (i32), weight (f64). */
export const PROFILES = 92;
export const PROFILE_COUNT = 96;
export const PROFILE_START = 100;
export const PROFILE_RANKING = 104;
export const PROFILE_WEIGHT = 108;
/** The same by ranking: start (u32), profile (u32), weight (f64). */
export const VOICE_START = 112;
export const VOICE_PROFILE = 116;
export const VOICE_WEIGHT = 120;
export const TYPES = 124;
/** log η (f64), and γ, profiles × types (f64). */
export const LOG_SHARES = 128;
export const GAMMA = 132;
/** ℓ of all types, one after the other (f64). */
export const VALUES = 136;
export const TYPE = 140;
export const RANKINGS = 144;
/** 1: parts touch no alternatives of each other and write into `SUMS` and `BLOCKS` themselves. */
export const APART = 148;
/**
 * Features, f64, less those of the first alternative of the component, which changes no probability: a row of `WIDTH`,
 * a multiple of four, for every other alternative. θ, and by part Σ g d.
 */
export const FEATURES = 152;
export const WIDTH = 156;
export const THETA = 160;
export const PULLED = 164;
/** Groups of rankings that meet in no alternative, where features are used: bounds by part, ranking and alternatives. */
export const GROUP_BOUND = 168;
export const GROUP_RANKING = 172;
export const GROUP_LOW = 176;
export const GROUP_ROW = 192;
/** Where `REWARDS` are written, by alternative (f64). */
export const OUT = 180;
/** Places at which memory is read at the same time. */
export const STREAMS = 4;
/** By part and stream: room for two numbers (f64) of each alternative of one group; bytes of each. */
export const GROUP_ROOM = 184;
export const GROUP_ROOM_BYTES = 188;
/** By row of features: place of its alternative (u32); and how many rows there are. */
export const ROW_PLACE = 196;
export const ROWS = 200;
export const HEADER_BYTES = 208;

// kinds of jobs
export const EXPONENTIALS = 1;
export const LIKELIHOODS = 2;
export const GRADIENT = 3;
export const CURVATURE = 4;
export const CURVATURE_PRODUCT = 5;
export const ADD_UP = 6;
export const ADD_BLOCKS = 7;
export const POSTERIORS = 8;
export const WEIGHTS = 9;
export const WEIGHTED_SUM = 10;
export const REWARDS = 11;
export const LINEAR_GRADIENT = 12;
export const LINEAR_PRODUCT = 13;
export const LINEAR_LIKELIHOODS = 14;
export const PULL_BACK = 15;

/** Rewards beyond it are left to the kernels' twin in TypeScript. */
export const LARGEST_REWARD = 150.0;
