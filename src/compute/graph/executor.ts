import type { HostTensor, HostTensors, Program } from './program';

/** A program made ready for one device. */
export interface Executable {
  readonly program: Program;
  /**
   * @param feeds one tensor for each input of the program, of its shape and type
   * @returns the program's outputs, copied to ordinary memory
   * @throws Error naming the input that is missing or has another shape
   */
  run(feeds: HostTensors): Promise<Readonly<Record<string, HostTensor>>>;
  /** Frees what the device holds. */
  dispose(): Promise<void>;
}

/** A device that programs run on. */
export interface Executor {
  /** Such as `onnxruntime/cpu`, `onnxruntime/webgpu`, `tfjs/wasm`, `tfjs/cpu`, `tfjs/node`. */
  readonly id: string;
  /** In words, for the person. */
  readonly title: string;
  readonly threads: number;
  compile(program: Program): Promise<Executable>;
  dispose(): Promise<void>;
}
