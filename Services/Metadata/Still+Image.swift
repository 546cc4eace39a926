import AV
import ImageHash

extension Still {
    var image: RGBImage? { RGBImage(width: width, height: height, bands: 3, bytes: bytes) }
}
