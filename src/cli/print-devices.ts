import type { DeviceReport, DevicesReport } from '../protocol/device';
import { painter, wrap } from './terminal';

const MARKS = { passed: ['✔', 'green'], failed: ['✖', 'red'], absent: ['–', 'dim'] } as const;

/** The list for the person: a line for each device, the reason under it. */
export function printDevices({ devices, auto }: DevicesReport, stream: NodeJS.WriteStream): string {
  const paint = painter(stream);
  const width = Math.min(stream.columns || 100, 120);
  const lines = devices.map((device) => {
    const [mark, colour] = MARKS[device.state];
    const chosen = device.id === auto ? paint('bold', '  ← auto') : '';
    return (
      `${paint(colour, mark)} ${device.id.padEnd(18)} ${device.title}${chosen}\n` +
      `    ${wrap([device.reason, ...figures(device)].join(' '), width, '    ')}\n`
    );
  });
  return lines.join('');
}

function figures({ test, speed }: DeviceReport): string[] {
  if (test === undefined) return [];
  const step = `A training step takes ${test.stepMilliseconds.toPrecision(3)} ms`;
  return [
    speed === undefined ? `${step}.` : `${step}, ${speed.toPrecision(2)} × the speed of onnxruntime/cpu.`,
    ...(test.repeatable ? [] : ['Results differ a little from run to run.']),
  ];
}
