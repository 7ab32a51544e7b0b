abi 7
import circle_b
