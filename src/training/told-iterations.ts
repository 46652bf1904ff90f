/** Whether an iteration of a start is told: the first 20 are, then ever fewer, each 10 % further on. Asked in order. */
export function toldIterations(): (iteration: number) => boolean {
  let next = 0;
  return (iteration) => {
    if (iteration > 20 && iteration < next) return false;
    next = Math.ceil(iteration * 1.1);
    return true;
  };
}
