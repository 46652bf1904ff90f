/** A text that may quote the dataset, so that Markdown shows it as it is, on one line. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+!|~&-]/g, '\\$&');
}
