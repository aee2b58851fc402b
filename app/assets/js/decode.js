// Reads a QR code from a video picture. Three ways, the first that this browser can do:
// its own BarcodeDetector, zxing as WebAssembly (from our own address, never a CDN), plain JavaScript.
import wasm from "zxing-wasm/reader/zxing_reader.wasm";

async function native() {
  if (!("BarcodeDetector" in window)) return null;
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return { name: "native", read: async (video) => (await detector.detect(video))[0]?.rawValue };
}

async function zxing(picture) {
  const { prepareZXingModule, readBarcodes } = await import("zxing-wasm/reader");
  const overrides = { locateFile: () => new URL(wasm, import.meta.url).href };
  await prepareZXingModule({ overrides, fireImmediately: true }); // throws where WebAssembly is not allowed
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 1 };
  return { name: "zxing", read: async (video) => (await readBarcodes(picture(video), options))[0]?.text };
}

async function plain(picture) {
  const { default: decode } = await import("qr/decode.js");
  const read = async (video) => {
    try {
      return decode(picture(video));
    } catch {
      return undefined; // this decoder throws when there is no code in the picture
    }
  };
  return { name: "plain", read };
}

/** -> {name, read(video) -> text or undefined}. */
export async function decoder() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const picture = (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };
  for (const way of [native, zxing, plain]) {
    const found = await way(picture).catch(() => null);
    if (found) return found;
  }
  throw new Error("no way to read a code");
}
