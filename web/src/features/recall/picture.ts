/** The longest side of a screenshot as it is sent: enough to read, small enough for a bad network. */
const LONGEST = 1600;

/** Reads a chosen picture, makes it small and gives it as base64 JPEG; null when it is no picture. */
export async function shrink(file: Blob): Promise<{ base64: string; preview: string } | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const preview = canvas.toDataURL("image/jpeg", 0.85);
  return { base64: preview.slice(preview.indexOf(",") + 1), preview };
}
