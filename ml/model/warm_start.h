#pragma once
// Starting one U-Net with what another has learnt from the same kind of image.

#include "ml/model/network.h"

namespace gadolin::ml {

/// Copies weights and running statistics of `from` into `to`, the head apart: what it draws is
/// another thing. Channels of the first convolution, [base, in, 3, 3], that `from` does not have
/// begin at zero, so that at first the features are those of `from`. Both are U-Nets on one device.
/// False, and `to` as it was, when their widths differ or `to` has fewer input channels.
bool startFrom(Network& to, const Network& from);

}  // namespace gadolin::ml
