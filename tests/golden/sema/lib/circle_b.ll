abi 7
import circle_a
