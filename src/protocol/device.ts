/** What `emdpo devices --json` prints. */
export interface DevicesReport {
  readonly devices: readonly DeviceReport[];
  /** The device that a run with `"device": "auto"` takes: the fastest that passed. */
  readonly auto?: string;
}

export interface DeviceReport {
  /** As `compute.device` of an experiment names it, such as `onnxruntime/cpu`. */
  readonly id: string;
  readonly title: string;
  /** Only a device that passed its self-test is ever trained on. */
  readonly state: 'passed' | 'failed' | 'absent';
  /** Why, in a sentence. */
  readonly reason: string;
  readonly test?: DeviceTest;
  /** Training steps in the time that onnxruntime/cpu takes for one; more is faster. */
  readonly speed?: number;
}

export interface DeviceTest {
  readonly threads: number;
  /** Largest difference from plain TensorFlow.js on the CPU, over the largest value of the tensor it is in. */
  readonly relativeError: number;
  /** Where that was: program and output. */
  readonly worst: string;
  /** Whether the same inputs gave the same bits twice. */
  readonly repeatable: boolean;
  /** Median time of one training step of a transformer of 0.4 million parameters. */
  readonly stepMilliseconds: number;
}
