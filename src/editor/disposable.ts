/** Something that holds on to a resource until it is told to let go. */
export interface Disposable {
  dispose(): void;
}
